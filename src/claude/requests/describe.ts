import type { AgentRequest } from "../../core/request.ts";
import type { Dialog } from "../screens/dialog.ts";
import { type PendingRequest, waitingForOf } from "../state/pending-request.ts";
import { isObject, stringOf } from "../transcript/json-fields.ts";
import { editDiff } from "./edit-diff.ts";
import { questionsOf } from "./questions.ts";
import type { RecordedUse } from "./recorded-use.ts";
import { rememberedText } from "./remembered.ts";

export interface EventSurroundings {
  cwd: string;
  /** Its hook still waits for the answer. */
  isWaitedFor: boolean;
  since: number | null;
  /** Uses of tools in the newest turn, by the transcript: asked only where the event does not tell enough. */
  recordedUses(): Promise<readonly RecordedUse[]>;
}

/** A request that a PermissionRequest event tells, in full. */
export async function requestOfEvent(
  { request, useId }: PendingRequest,
  about: EventSurroundings,
): Promise<AgentRequest> {
  const waitingFor = waitingForOf(request);
  const input = request.tool?.input;
  const diff = await editDiff(request.tool?.name ?? "", input, about.cwd);
  const plan = waitingFor.kind === "plan" ? await planOf(input, useId, about) : null;
  const remembers = waitingFor.kind === "permission" ? rememberedText(request.suggestions ?? []) : undefined;
  return {
    ...waitingFor,
    input,
    ...(diff === undefined || diff === "" ? {} : { diff }),
    ...(waitingFor.kind === "question" ? { questions: questionsOf(input) } : {}),
    ...(plan === null ? {} : { plan }),
    ...canRemember(remembers),
    via: about.isWaitedFor ? "hook" : "keys",
    since: about.since,
    evidence: {
      offset: request.offset,
      promptId: request.promptId,
      toolUseId: useId,
      waiter: about.isWaitedFor ? (request.waiter ?? null) : null,
    },
  };
}

/**
 * A plan that the model wrote into its plan file the hook tells. Without such a file 2.1.330 tells neither its hooks nor
 * its screen what the plan is, only the transcript.
 */
async function planOf(input: unknown, useId: string | null, about: EventSurroundings): Promise<string | null> {
  const planIn = (value: unknown) => (isObject(value) ? stringOf(value.plan) : null);
  const told = planIn(input);
  if (told !== null || useId === null) return told;
  return planIn((await about.recordedUses()).find(({ id }) => id === useId)?.input);
}

/** A request that only the screen, or the session file, tells. */
export function requestOfScreen(
  waitingFor: Pick<AgentRequest, "kind" | "requestId" | "summary" | "options">,
  about: { dialog: Dialog | undefined; lines: readonly string[]; since: number | null },
): AgentRequest {
  const { dialog, lines } = about;
  return {
    ...waitingFor,
    ...(dialog && dialog.options.length > 0 ? { options: dialog.options } : {}),
    ...(lines.length === 0 ? {} : { screen: [...lines] }),
    ...canRemember(waitingFor.kind === "permission" && dialog ? rememberLabel(dialog) : undefined),
    via: "keys",
    since: about.since,
    evidence: { offset: null, promptId: null, toolUseId: null, waiter: null },
  };
}

/** What the screen alone tells, with the use of a tool that its dialog is about. */
export async function withRecordedUse(
  { requestId, options, canRemember, remembers, since, evidence }: AgentRequest,
  { id, name, input }: RecordedUse,
  cwd: string,
): Promise<AgentRequest> {
  const event = {
    ...{ offset: 0, name: "PermissionRequest", sessionId: "", promptId: null, transcriptPath: null, subagentId: null },
    tool: { name, input, useId: id },
  };
  const about = { cwd, isWaitedFor: false, since, recordedUses: async () => [] };
  const told = await requestOfEvent({ request: event, useId: id }, about);
  return {
    ...told,
    requestId,
    ...(told.kind === "question" || options === undefined ? {} : { options }),
    canRemember,
    ...(remembers === undefined ? {} : { remembers }),
    evidence: { ...evidence, toolUseId: id },
  };
}

/** `remembers` tells what for, where anything can be remembered. */
export function canRemember(remembers: string | undefined): Pick<AgentRequest, "canRemember" | "remembers"> {
  return remembers === undefined ? { canRemember: false } : { canRemember: true, remembers };
}

/** What Claude Code offers to remember, in its own words; undefined when it does not. */
export function rememberLabel(dialog: Dialog): string | undefined {
  return dialog.options[rememberIndex(dialog)]?.replace(YES_AND, "");
}

const YES_AND = /^Yes,? and /i;

/** Which option says yes for such a use from now on; -1 when there is none. Changing the mode is not remembering. */
export function rememberIndex(dialog: Dialog): number {
  return dialog.options.findIndex(
    (label) => YES_AND.test(label) && !/^switch to auto\b/i.test(label.replace(YES_AND, "")),
  );
}
