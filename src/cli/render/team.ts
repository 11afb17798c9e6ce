import type { CoordinationView } from "../../core/team/view.ts";
import { type Output, printable } from "../output.ts";
import { localTime } from "./local-time.ts";
import { paintRunState } from "./run-state.ts";
import { type Column, formatTable } from "./table.ts";

/** Who said what, then what came of it: the decision and the synthesis, which a script reads from --json. */
export function renderCoordination({ coordination }: { coordination: CoordinationView }, output: Output): void {
  const { paint } = output;
  const { id, mode, state, participants, coordinator, decision, synthesis } = coordination;
  const parts = [`${paint.bold(mode)}  ${paintRunState(state, state, output)}  ${paint.dim(id)}`];
  for (const { name, answer, reason, vote } of participants) {
    parts.push("", paint.bold(printable(name)));
    if (answer) parts.push(printable(answer.text));
    if (vote) parts.push(paint.dim(printable(`${formatVote(vote)}: ${vote.reason}`)));
    if (reason !== undefined) parts.push(paint.yellow(printable(answer ? reason : `no answer: ${reason}`)));
    else if (!answer) parts.push(paint.dim(state === "running" ? "no answer yet" : "no answer"));
  }
  if (decision) parts.push("", ...formatDecision(decision, output));
  if (synthesis !== null)
    parts.push("", paint.bold(printable(`synthesis of ${coordinator?.name}`)), printable(synthesis));
  else if (coordinator?.reason !== undefined)
    parts.push("", paint.yellow(printable(`no synthesis of ${coordinator.name}: ${coordinator.reason}`)));
  output.data(parts.join("\n"));
  if (state === "running") output.note(`Carried on by: claude-orch team show ${id} --wait`);
}

function formatVote({ choice }: { choice: string | null }): string {
  return choice === null ? "abstained" : `voted for ${choice}`;
}

function formatDecision(decision: NonNullable<CoordinationView["decision"]>, { paint }: Output): string[] {
  const { outcome, because, proposal, dissents } = decision;
  return [
    `${paint.bold(outcome)}: ${printable(because)}`,
    ...dissents.map(({ name, choice, reason }) => printable(`  dissent of ${name}, for ${choice}: ${reason}`)),
    ...(proposal ? [printable(`  decided: the proposal of ${proposal.name}`)] : []),
  ];
}

export function renderCoordinations({ coordinations }: { coordinations: CoordinationView[] }, output: Output): void {
  if (coordinations.length === 0) {
    output.data("No team has worked together yet. Let one: claude-orch team coordinate");
    return;
  }
  const columns: Column<CoordinationView>[] = [
    { title: "id", value: ({ id }) => id },
    { title: "mode", value: ({ mode }) => mode },
    { title: "state", value: ({ state }) => state, paint: (text, { state }) => paintRunState(state, text, output) },
    { title: "since", value: ({ createdAt }) => localTime(createdAt) },
    { title: "answers", value: ({ participants }) => answered(participants) },
    { title: "outcome", value: ({ decision }) => decision?.outcome ?? "-" },
    { title: "task", value: ({ text }) => text.split("\n")[0] ?? "", isElastic: true },
  ];
  output.data(formatTable(coordinations, columns, output));
}

function answered(participants: CoordinationView["participants"]): string {
  return `${participants.filter(({ answer }) => answer !== null).length}/${participants.length}`;
}
