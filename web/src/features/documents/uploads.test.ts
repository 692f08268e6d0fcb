import { expect, test } from "vitest";
import { readProblem } from "~/api/problem";
import type { Sending } from "~/api/upload";
import { UploadQueue } from "./UploadQueue";

type Sent = { file: File; told: Sending; isBroken: boolean };

function build() {
  const sent: Sent[] = [];
  let taken = 0;
  const queue = new UploadQueue(
    (file, told) => {
      const sending = { file, told, isBroken: false };
      sent.push(sending);
      return () => {
        sending.isBroken = true;
      };
    },
    () => {
      taken += 1;
    },
  );
  return { queue, sent, taken: () => taken };
}

const stages = (queue: UploadQueue) => queue.snapshot().map(({ file, stage }) => `${file.name} ${stage.at}`);
const file = (name: string, text = "x") => new File([text], name);

test("files are sent one after the other, in their order", () => {
  const { queue, sent, taken } = build();
  queue.add([file("a"), file("b")], null);
  expect(stages(queue)).toEqual(["a sending", "b waiting"]);
  sent[0]?.told.onTaken({ document: "d1", isKnown: false });
  expect(stages(queue)).toEqual(["a taken", "b sending"]);
  expect(taken()).toBe(1);
});

test("a file that is empty or too large is not sent, and the next one is", () => {
  const { queue, sent } = build();
  queue.add([file("tom", ""), file("stor", "xxxxx"), file("lagom", "xx")], 3);
  expect(stages(queue)).toEqual(["tom refused", "stor refused", "lagom sending"]);
  expect(sent.map((each) => each.file.name)).toEqual(["lagom"]);
});

test("one that is cancelled while it is sent is broken off, and what comes late about it changes nothing", () => {
  const { queue, sent } = build();
  queue.add([file("a"), file("b")], null);
  queue.remove(0);
  expect(sent[0]?.isBroken).toBe(true);
  expect(stages(queue)).toEqual(["b sending"]);
  sent[0]?.told.onProgress(0.5);
  expect(stages(queue)).toEqual(["b sending"]);
});

test("one that was refused is sent again on request, and keeps no other waiting", () => {
  const { queue, sent } = build();
  queue.add([file("a"), file("b")], null);
  sent[0]?.told.onRefused({ problem: readProblem({}, 503), reason: null });
  expect(stages(queue)).toEqual(["a refused", "b sending"]);
  queue.again(0);
  expect(stages(queue)).toEqual(["a waiting", "b sending"]);
  sent[1]?.told.onTaken({ document: "d2", isKnown: false });
  expect(stages(queue)).toEqual(["a sending", "b taken"]);
});
