/** Code as it is pasted, with the way to copy it. */
import { CopyButton } from "./CopyButton";

type Props = { code: string; what: string };

export function Code({ code, what }: Props) {
  return (
    <div className="code">
      <pre>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} what={what} />
    </div>
  );
}
