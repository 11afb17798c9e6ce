import type { Agent } from "../../../core/agent.ts";
import { AppError, toAppError } from "../../../core/errors.ts";
import type { Context } from "../../context.ts";

type Outcome<T> = { agent: Agent; value: T } | { agent: Agent; error: AppError };

/**
 * Does the same with several agents at once. Like Promise.all, but nothing goes on in the background after a failure: the
 * first agent's error is thrown at the end, and says of each agent whether it worked.
 */
export async function eachAgent<T>(
  context: Context,
  agents: readonly Agent[],
  work: (agent: Agent) => Promise<T>,
): Promise<T[]> {
  const outcomes = await Promise.all(
    agents.map(async (agent): Promise<Outcome<T>> => {
      try {
        return { agent, value: await work(agent) };
      } catch (thrown) {
        return { agent, error: toAppError(thrown) };
      }
    }),
  );
  const failures = outcomes.filter((outcome) => "error" in outcome);
  const successes = outcomes.filter((outcome) => "value" in outcome);
  const [first] = failures;
  if (!first) return successes.map(({ value }) => value);
  const isCancelled = successes.length === 0 && first.error.kind === "cancelled";
  if (agents.length === 1 || isCancelled) throw first.error;

  const failed = await Promise.all(failures.map((failure) => describeFailure(context, failure)));
  const succeeded = successes.map(({ agent: { id, name } }) => ({ id, name }));
  const worked = succeeded.length === 0 ? "" : `; it worked for ${succeeded.map(({ name }) => name).join(", ")}`;
  const reasons = failed.map(({ name, message }) => `${name}: ${message}`).join("; ");
  const { code, details } = first.error;
  const hint = code === "CANCELLED" ? "Repeat it for these only: the others are done." : first.error.hint;
  throw new AppError(code, `It failed for ${failed.length} of ${agents.length} agents (${reasons})${worked}`, {
    hint,
    details: { ...details, succeeded, failed },
    cause: first.error,
  });
}

/** With its id where the agent stays, so that one can look at it. */
async function describeFailure(context: Context, { agent, error }: { agent: Agent; error: AppError }) {
  const { id, name } = agent;
  const stays = (await context.store.agents.get(id)) !== undefined;
  return { ...(stays ? { id } : {}), name, code: error.code, message: error.message };
}
