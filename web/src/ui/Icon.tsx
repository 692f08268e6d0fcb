/** Small line icons, always beside a word or under a label. */

const PATHS = {
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  close: "M6 6l12 12M18 6L6 18",
  down: "M7 10l5 5 5-5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  shield: "M12 3l7.5 3v5.5c0 4.6-3.1 7.9-7.5 9.5-4.4-1.6-7.5-4.9-7.5-9.5V6z",
  info: "M12 11v6M12 7.5v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  warn: "M12 9v5M12 17v.01M12 3.5L22 20H2z",
  quote: "M10 7H5v6h5zm0 6c0 2.5-1.5 4-4 4.5M20 7h-5v6h5zm0 6c0 2.5-1.5 4-4 4.5",
  pen: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19z",
  folder: "M3 6.5h6.5l2 2.5H21v10H3z",
  page: "M6 3h8.5L19 7.5V21H6zM14 3v5h5M9 12.5h7M9 16h7",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L21 21",
  reply: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
  list: "M9 6h12M9 12h12M9 18h12M4 6v.01M4 12v.01M4 18v.01",
  back: "M11 5l-7 7 7 7M4 12h16",
  forward: "M13 5l7 7-7 7M20 12H4",
  out: "M14 5h5v14h-5M15 12H4M8 8l-4 4 4 4",
  menu: "M4 6.5h16M4 12h16M4 17.5h16",
  code: "M8.5 7l-5 5 5 5M15.5 7l5 5-5 5M13.5 4.5l-3 15",
  scroll: "M7 4h12v3h-4M15 7v11a2.5 2.5 0 0 1-5 0v-1H3a3 3 0 0 0 3 3.5h6.5M7 4a2.5 2.5 0 0 0-2.5 2.5V17",
  people: "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.3",
  pulse: "M3 12h4l3-7 4 14 3-7h4",
  gear: "M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 10.5v6M13.5 10.5v6",
  upload: "M12 16V5M7 9.5L12 4.5l5 5M5 20h14",
  retry: "M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4",
  more: "M5.5 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1zM12 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1zM18.5 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  save: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
