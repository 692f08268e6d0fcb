/** A dialog that a press beside it doesn't close: what is typed in it, or shown once, is not lost by accident. */
import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

/** Without `onClose` Escape closes it neither. */
type Props = { title: string; role?: "dialog" | "alertdialog"; onClose: (() => void) | null; children: ReactNode };

export function Over({ title, role = "dialog", onClose, children }: Props) {
  return (
    <ModalOverlay
      className="veil"
      isOpen
      isDismissable={false}
      isKeyboardDismissDisabled={onClose === null}
      onOpenChange={(isOpen) => isOpen || onClose?.()}
    >
      <Modal className="window">
        <Dialog role={role}>
          <div className="window-head">
            <Heading slot="title">{title}</Heading>
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
