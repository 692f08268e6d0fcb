/** Where a question is written and sent, and an answer stopped. */
import { type KeyboardEvent, type ReactNode, type RefObject, useId } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { useMedia } from "~/ui/useMedia";
import { blanks } from "./blanks";

type Props = {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  /** An answer is being written, which can be stopped. */
  isWriting: boolean;
  isStopping: boolean;
  /** The question is on its way. */
  isSending: boolean;
  onText: (text: string) => void;
  onAsk: () => void;
  onStop: () => void;
  choices: ReactNode;
};

export function Composer({ field, text, isWriting, isStopping, isSending, onText, onAsk, onStop, choices }: Props) {
  const { t } = useTranslation();
  const hasFinePointer = useMedia("(pointer: fine)");
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (!hasFinePointer || !sends(event)) return;
    event.preventDefault();
    if (!isWriting && !isSending) onAsk();
  };
  return (
    <div className="composer">
      <label className="only-heard" htmlFor={id}>
        {t("ask.field")}
      </label>
      <div className="composer-field">
        <Blanks text={text} />
        <textarea
          id={id}
          ref={field}
          rows={1}
          value={text}
          readOnly={isSending}
          placeholder={t("ask.placeholder")}
          enterKeyHint="enter"
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="composer-row">
        <div className="choices">{choices}</div>
        {isWriting ? (
          <Stop isStopping={isStopping} onStop={onStop} />
        ) : (
          <Send isSending={isSending} isEmpty={text.trim() === ""} onAsk={onAsk} />
        )}
      </div>
    </div>
  );
}

/** Enter alone sends; with Shift it is a new line, and while letters are being composed it belongs to them. */
function sends(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
}

const LONGEST_TASK = 1_000;

/** Marks the blanks of a task behind the letters of the field. */
function Blanks({ text }: { text: string }) {
  const found = text.length > LONGEST_TASK ? [] : blanks(text);
  if (found.length === 0) return null;
  return (
    <p className="blanks" aria-hidden="true">
      {found.map(({ start, end }, position) => (
        <span key={start}>
          {text.slice(found[position - 1]?.end ?? 0, start)}
          <mark>{text.slice(start, end)}</mark>
        </span>
      ))}
    </p>
  );
}

function Stop({ isStopping, onStop }: { isStopping: boolean; onStop: () => void }) {
  const { t } = useTranslation();
  return (
    <Button className="button button-stop" isDisabled={isStopping} onPress={onStop}>
      <Icon name="stop" />
      <span className="send-word">{isStopping ? t("ask.stopping") : t("ask.stop")}</span>
    </Button>
  );
}

function Send({ isSending, isEmpty, onAsk }: { isSending: boolean; isEmpty: boolean; onAsk: () => void }) {
  const { t } = useTranslation();
  return (
    <Button className="button" isDisabled={isEmpty || isSending} onPress={onAsk}>
      <span className="send-word">{isSending ? t("ask.sending") : t("ask.send")}</span>
      <Icon name="send" />
    </Button>
  );
}
