/** One page: its title in the browser, its one heading (which the frame gives the focus on arrival), and what stands under it. */
import type { ReactNode } from "react";
import { useTitle } from "./useTitle";
import "./page.css";

type Props = {
  /** What the browser's tab says, and the heading where there is no other. */
  title: string;
  heading?: ReactNode;
  /** One or two sentences under the heading. */
  lead?: ReactNode;
  /** What can be done with the whole page, beside the heading. */
  actions?: ReactNode;
  /** For tables and charts. */
  isWide?: boolean;
  children: ReactNode;
};

export function Page({ title, heading = title, lead, actions, isWide = false, children }: Props) {
  useTitle(title);
  return (
    <div className={isWide ? "page page-wide" : "page"}>
      <div className="page-head">
        <h1 tabIndex={-1}>{heading}</h1>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </div>
      {lead !== undefined && <p className="page-lead">{lead}</p>}
      {children}
    </div>
  );
}
