/** Where a question is written and sent, and an answer stopped. */
import { type KeyboardEvent, type ReactNode, type RefObject, useId } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "~/ui/Icon";
import { useMedia } from "~/ui/useMedia";

type Props = {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  isOpen: boolean;
  onText: (text: string) => void;
  onAsk: () => void;
  onStop: () => void;
  choices: ReactNode;
};

export function Composer({ field, text, isOpen, onText, onAsk, onStop, choices }: Props) {
  const { t } = useTranslation();
  const hasFinePointer = useMedia("(pointer: fine)");
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && isOpen) onStop();
    if (!hasFinePointer || !sends(event)) return;
    event.preventDefault();
    if (!isOpen) onAsk();
  };
  return (
    <div className="composer">
      <label className="only-heard" htmlFor={id}>
        {t("ask.field")}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={1}
        value={text}
        placeholder={t("ask.placeholder")}
        enterKeyHint="enter"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="composer-row">
        <div className="choices">{choices}</div>
        <SendOrStop isOpen={isOpen} isEmpty={text.trim() === ""} onAsk={onAsk} onStop={onStop} />
      </div>
    </div>
  );
}

/** Enter alone sends; with Shift it is a new line, and while letters are being composed it belongs to them. */
function sends(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
}

type SendProps = { isOpen: boolean; isEmpty: boolean; onAsk: () => void; onStop: () => void };

function SendOrStop({ isOpen, isEmpty, onAsk, onStop }: SendProps) {
  const { t } = useTranslation();
  if (isOpen) {
    return (
      <Button className="button button-stop" onPress={onStop}>
        <Icon name="stop" />
        <span className="send-word">{t("ask.stop")}</span>
      </Button>
    );
  }
  return (
    <Button className="button" isDisabled={isEmpty} onPress={onAsk}>
      <span className="send-word">{t("ask.send")}</span>
      <Icon name="send" />
    </Button>
  );
}
