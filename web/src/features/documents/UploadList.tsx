/** The files that are not taken in: those on their way, and apart from them those that were refused. */
import { useId } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { FileName } from "~/text/FileName";
import { sizeIn } from "~/text/size";
import { visibleName } from "~/text/visible";
import { useAnnounce } from "~/ui/Announcer";
import { Icon } from "~/ui/Icon";
import type { UploadQueue } from "./UploadQueue";
import { faultOfRefusal, mayPass } from "./fault";
import type { Stage, Upload } from "./uploads";
import { useAdvice } from "./useAdvice";

type Props = { queue: UploadQueue; uploads: readonly Upload[] };

export function UploadList({ queue, uploads }: Props) {
  const { t } = useTranslation();
  const coming = uploads.filter(({ stage }) => stage.at !== "taken" && stage.at !== "refused");
  const refused = uploads.filter(({ stage }) => stage.at === "refused");
  return (
    <>
      <Files title={t("documents.upload.heading")} queue={queue} uploads={coming} />
      <Files title={t("documents.upload.refusedHeading")} queue={queue} uploads={refused} />
    </>
  );
}

function Files({ title, queue, uploads }: Props & { title: string }) {
  const heading = useId();
  if (uploads.length === 0) return null;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className="list-heading">
        {title}
      </h2>
      <ul className="shelf">
        {uploads.map((upload) => (
          <Row key={upload.id} upload={upload} queue={queue} />
        ))}
      </ul>
    </section>
  );
}

function Row({ upload: { id, file, stage }, queue }: { upload: Upload; queue: UploadQueue }) {
  const { t, i18n } = useTranslation();
  const announce = useAnnounce();
  const name = visibleName(file.name);
  const cancel = () => {
    queue.remove(id);
    announce(t("documents.upload.cancelled", { name }));
  };
  return (
    <li className="shelf-item">
      <Icon name={stage.at === "refused" ? "warn" : "upload"} />
      <div className="shelf-words">
        <p className="named"><FileName name={name} /></p>
        <p className="quiet">{sizeIn(file.size, i18n.language)}</p>
        <Status stage={stage} name={name} />
      </div>
      <div className="shelf-actions">
        {stage.at === "refused" ? (
          <Refused stage={stage} name={name} onAgain={() => queue.again(id)} onRemove={() => queue.remove(id)} />
        ) : (
          <Button className="button button-quiet" aria-label={t("documents.upload.cancelOf", { name })} onPress={cancel}>
            {t("documents.upload.cancel")}
          </Button>
        )}
      </div>
    </li>
  );
}

function Status({ stage, name }: { stage: Stage; name: string }) {
  const { t } = useTranslation();
  const advice = useAdvice();
  if (stage.at === "refused") {
    return <p className="state state-failed">{advice(faultOfRefusal(stage.refusal), stage.refusal.problem.requestId)}</p>;
  }
  if (stage.at !== "sending") return <p className="state">{t("documents.upload.waiting")}</p>;
  const percent = Math.floor(stage.sent * 100);
  return (
    <>
      <p className="state">{percent < 100 ? t("documents.upload.sending", { percent }) : t("documents.upload.taking")}</p>
      <progress className="progress" value={percent} max={100} aria-label={name} />
    </>
  );
}

type RefusedProps = { stage: Extract<Stage, { at: "refused" }>; name: string; onAgain: () => void; onRemove: () => void };

function Refused({ stage, name, onAgain, onRemove }: RefusedProps) {
  const { t } = useTranslation();
  return (
    <>
      {mayPass(faultOfRefusal(stage.refusal)) && (
        <Button className="button button-quiet" aria-label={t("documents.upload.againOf", { name })} onPress={onAgain}>
          {t("documents.upload.again")}
        </Button>
      )}
      <Button className="icon-button" aria-label={t("documents.upload.removeOf", { name })} onPress={onRemove}>
        <Icon name="close" />
      </Button>
    </>
  );
}
