/** Asks before a personal number is sent; what is safe is what Enter does. */
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Window } from "~/ui/Window";
import type { Guard } from "./useGuard";

export function GuardDialog({ guard }: { guard: Guard }) {
  const { t } = useTranslation();
  if (guard.found === 0) return null;
  return (
    <Window title={t("guard.title", { count: guard.found })} close={t("guard.cancel")} onClose={guard.leave}>
      <p>{t("guard.text")}</p>
      <div className="actions">
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog gives the focus to its safe choice (WCAG 2.2, 3.3.4) */}
        <Button className="button" autoFocus onPress={() => guard.sendCovered(t("guard.cover"))}>
          {t("guard.hide")}
        </Button>
        <Button className="button button-quiet" onPress={guard.sendAnyway}>
          {t("guard.anyway")}
        </Button>
        <Button className="button button-quiet" onPress={guard.leave}>
          {t("guard.cancel")}
        </Button>
      </div>
    </Window>
  );
}
