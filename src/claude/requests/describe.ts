import type { AgentRequest } from "../../core/request.ts";
import type { Dialog } from "../screens/dialog.ts";
import { type PendingRequest, waitingForOf } from "../state/pending-request.ts";
import { isObject, stringOf } from "../transcript/json-fields.ts";
import { editDiff } from "./edit-diff.ts";
import { questionsOf } from "./questions.ts";

/** A request that a PermissionRequest event tells, in full. `isWaitedFor`: its hook still waits for the answer. */
export async function requestOfEvent(
  { request, useId }: PendingRequest,
  about: { cwd: string; isWaitedFor: boolean; since: number | null },
): Promise<AgentRequest> {
  const waitingFor = waitingForOf(request);
  const input = request.tool?.input;
  const diff = await editDiff(request.tool?.name ?? "", input, about.cwd);
  const plan = waitingFor.kind === "plan" && isObject(input) ? stringOf(input.plan) : null;
  return {
    ...waitingFor,
    input,
    ...(diff === undefined || diff === "" ? {} : { diff }),
    ...(waitingFor.kind === "question" ? { questions: questionsOf(input) } : {}),
    ...(plan === null ? {} : { plan }),
    canRemember: waitingFor.kind === "permission" && (request.suggestions ?? []).length > 0,
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
    canRemember: waitingFor.kind === "permission" && dialog !== undefined && rememberIndex(dialog) >= 0,
    via: "keys",
    since: about.since,
    evidence: { offset: null, promptId: null, toolUseId: null, waiter: null },
  };
}

/** Which option says yes for such a use from now on; -1 when there is none. Changing the mode is not remembering. */
export function rememberIndex(dialog: Dialog): number {
  return dialog.options.findIndex((label) => /^Yes,? and (?!switch to auto\b)/i.test(label));
}
