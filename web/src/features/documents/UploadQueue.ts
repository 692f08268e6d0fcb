/** Sends files to a collection one after the other, whatever page is looked at meanwhile. */
import { readProblem } from "~/api/problem";
import type { Sending } from "~/api/upload";
import { type Event, type Stage, type Upload, advance, next, refusedHere } from "./uploads";

export type Send = (file: File, told: Sending) => () => void;

export class UploadQueue {
  readonly #send: Send;
  readonly #onTaken: () => void;
  readonly #listeners = new Set<() => void>();
  #uploads: readonly Upload[] = [];
  #ids = 0;
  #breakOff: () => void = () => undefined;

  /** `onTaken`: the collection holds another document now. */
  constructor(send: Send, onTaken: () => void) {
    this.#send = send;
    this.#onTaken = onTaken;
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = () => this.#uploads;

  add(files: readonly File[], largest: number | null): void {
    const firstId = this.#ids;
    this.#ids += files.length;
    this.#tell({ kind: "added", files, firstId });
    files.forEach((file, at) => this.#look(file, firstId + at, largest));
    this.#goOn();
  }

  /** Tries a file that was refused again. */
  again(id: number): void {
    this.#move(id, { at: "waiting" });
    this.#goOn();
  }

  /** Takes a file out; one that is being sent is broken off. */
  remove(id: number): void {
    const isSending = this.#uploads.some((upload) => upload.id === id && upload.stage.at === "sending");
    if (isSending) this.#breakOff();
    this.#tell({ kind: "removed", id });
    this.#goOn();
  }

  #look(file: File, id: number, largest: number | null): void {
    const reason = refusedHere(file, largest);
    if (reason !== null) this.#move(id, { at: "refused", refusal: { problem: readProblem({ slug: "not_readable" }, 422), reason } });
  }

  #goOn(): void {
    const upload = next(this.#uploads);
    if (upload === null) return;
    const { id, file } = upload;
    this.#move(id, { at: "sending", sent: 0 });
    this.#breakOff = this.#send(file, {
      onProgress: (sent) => this.#move(id, { at: "sending", sent }),
      onTaken: (taken) => this.#ended(id, { at: "taken", ...taken }),
      onRefused: (refusal) => this.#ended(id, { at: "refused", refusal }),
    });
  }

  #ended(id: number, stage: Stage): void {
    this.#move(id, stage);
    if (stage.at === "taken") this.#onTaken();
    this.#goOn();
  }

  #move(id: number, stage: Stage): void {
    this.#tell({ kind: "moved", id, stage });
  }

  #tell(event: Event): void {
    this.#uploads = advance(this.#uploads, event);
    this.#listeners.forEach((listener) => listener());
  }
}

