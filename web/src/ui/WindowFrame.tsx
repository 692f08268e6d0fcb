/** A dialog over the page: focus stays in it, Escape and the way out give it back. */
import type { ReactNode } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Icon } from "./Icon";

export type WindowProps = { title: string; close: string; onClose: () => void; children: ReactNode };

export function WindowFrame({ title, close, onClose, children }: WindowProps) {
  return (
    <ModalOverlay className="veil" isDismissable isOpen onOpenChange={(open) => open || onClose()}>
      <Modal className="window">
        <Dialog>
          <div className="window-head">
            <Heading slot="title">{title}</Heading>
            <Button className="icon-button" aria-label={close} onPress={onClose}>
              <Icon name="close" />
            </Button>
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
