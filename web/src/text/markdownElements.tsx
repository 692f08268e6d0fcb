/** How each element of an answer is drawn. */
import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Components, ExtraProps } from "react-markdown";
import type { Citation } from "~/stream/events";
import { CiteChip, type OpenCitation } from "./CiteChip";
import { ExternalLink } from "./ExternalLink";
import { demoted } from "./markdownRules";

export function elements(citations: readonly Citation[], onOpen: OpenCitation): Components {
  return {
    ...HEADINGS,
    a: ({ href, children }) => <ExternalLink href={href ?? ""}>{children}</ExternalLink>,
    img: ({ alt }) => <BlockedImage alt={alt ?? ""} />,
    input: ({ checked }) => <TaskBox checked={checked === true} />,
    table: ({ children }) => <ScrollTable>{children}</ScrollTable>,
    pre: ({ children }) => <ScrollCode>{children}</ScrollCode>,
    cite: ({ node }) => {
      const citation = citations.find((one) => one.index === node?.properties["dataSource"]);
      return citation === undefined ? null : <CiteChip citation={citation} onOpen={onOpen} />;
    },
  };
}

type HeadingProps = ComponentProps<"h1"> & ExtraProps;

function heading(level: 1 | 2 | 3 | 4 | 5 | 6) {
  const Demoted = demoted(level);
  return ({ children }: HeadingProps) => <Demoted>{children}</Demoted>;
}

const HEADINGS = { h1: heading(1), h2: heading(2), h3: heading(3), h4: heading(4), h5: heading(5), h6: heading(6) };

function BlockedImage({ alt }: { alt: string }) {
  const { t } = useTranslation();
  return <span className="blocked">{alt === "" ? t("answer.imageUnnamed") : t("answer.image", { alt })}</span>;
}

function TaskBox({ checked }: { checked: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <span aria-hidden="true">{checked ? "☑ " : "☐ "}</span>
      <span className="only-heard">{checked ? t("answer.checked") : t("answer.unchecked")} </span>
    </>
  );
}

function ScrollTable({ children }: Pick<ComponentProps<"table">, "children">) {
  const { t } = useTranslation();
  return (
    <Scroll label={t("answer.table")}>
      <table>{children}</table>
    </Scroll>
  );
}

function ScrollCode({ children }: Pick<ComponentProps<"pre">, "children">) {
  const { t } = useTranslation();
  return (
    <Scroll label={t("answer.code")}>
      <pre>{children}</pre>
    </Scroll>
  );
}

/** Scrolls sideways by itself, so it must be reachable by keyboard; a group, since an answer may hold many of them. */
function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- see above
    <div className="scroll" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
