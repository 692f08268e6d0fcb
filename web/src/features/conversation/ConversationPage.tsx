/** A conversation: its questions and answers, and where the next question is asked. */
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Tree } from "~/api/shapes";
import type { OpenCitation } from "~/text/CiteChip";
import { harmless } from "~/text/harmless";
import { Icon } from "~/ui/Icon";
import { ProblemNote } from "~/ui/ProblemNote";
import { PHONE, useMedia } from "~/ui/useMedia";
import { useTitle } from "~/ui/useTitle";
import { Dock, type Library } from "./Dock";
import { LoginAgain } from "./LoginAgain";
import { MoreButton } from "./MoreButton";
import { TurnView } from "./TurnView";
import { useAnswerAnnouncements } from "./useAnswerAnnouncements";
import { useAsking } from "./useAsking";
import { useFound } from "./useFound";
import { useAnswerKeys, useEscape, useFocusAfter, useNewest, useOpenedAtEnd, useQuestionOnTop } from "./useReading";
import { type Talk, choiceOf } from "./useTalk";
import "./conversation.css";
import "./turns.css";

type Props = {
  talk: Talk;
  tree: Tree;
  library: Library;
  /** A message that is to be seen, and the words in it that were searched for. */
  sought: string | null;
  words: string;
  readAloud: boolean;
  onOpen: OpenCitation;
};

export function ConversationPage({ talk, tree, library, sought, words, readAloud, onOpen }: Props) {
  const { turns, live, writing, newest } = talk;
  const list = useRef<HTMLOListElement>(null);
  const last = turns.at(-1)?.answer ?? null;
  const asking = useAsking(tree.id, (text) => talk.ask(text, last?.id ?? null));
  const isHere = turns.length > 0;
  const { onEnd, isAway, toNewest } = useNewest(list, newest);
  const isWriting = writing !== null;
  useTitle(harmless(tree.title));
  useQuestionOnTop(list, newest);
  useOpenedAtEnd(list, isHere, sought !== null || newest !== null);
  useFound(list, isHere, sought, words);
  useAnswerKeys(list);
  useEscape(isWriting, talk.stop);
  useFocusAfter(isWriting, asking.settle);
  useAnswerAnnouncements(last, live, readAloud);
  return (
    <div className="ask">
      <Head tree={tree} />
      <ol className="turns" ref={list}>
        {turns.map((turn) => (
          <TurnView
            key={turn.question.id}
            turn={turn}
            live={live}
            models={library.models}
            canAsk={!isWriting}
            onOpen={onOpen}
            onAsk={talk.ask}
            onAgain={talk.again}
            onShow={talk.show}
            onRetry={talk.retry}
            onEnd={turn === turns.at(-1) ? onEnd : null}
          />
        ))}
      </ol>
      <Dock
        asking={asking}
        library={library}
        choice={choiceOf(tree)}
        onChoose={talk.choose}
        isWriting={isWriting}
        isStopping={talk.isStopping}
        onStop={talk.stop}
      >
        {isAway && <ToNewest onPress={toNewest} />}
        {talk.fault !== null && (
          <ProblemNote problem={talk.fault}>
            <LoginAgain problem={talk.fault} />
          </ProblemNote>
        )}
      </Dock>
    </div>
  );
}

function Head({ tree }: { tree: Tree }) {
  const { t } = useTranslation();
  return (
    <div className="talk-head">
      <h1 tabIndex={-1}>{harmless(tree.title)}</h1>
      <div className="talk-ways">
        <Link className="icon-button only-narrow" to="/samtal" aria-label={t("history.all")}>
          <Icon name="list" />
        </Link>
        <Link className="icon-button only-narrow" to="/" aria-label={t("history.new")}>
          <Icon name="plus" />
        </Link>
        <MoreButton conversation={tree} />
      </div>
    </div>
  );
}

function ToNewest({ onPress }: { onPress: () => void }) {
  const { t } = useTranslation();
  const isPhone = useMedia(PHONE);
  return (
    <Button className="button button-quiet to-newest" onPress={onPress}>
      <Icon name="down" />
      <span className={isPhone ? "only-heard" : undefined}>{t("talk.toNewest")}</span>
    </Button>
  );
}
