import { AppError } from "../../core/errors.ts";
import type { ProcessIdentity } from "../../core/ports/process-runner.ts";
import type { AnswerRepository } from "../../core/ports/store.ts";
import type { RequestAnswer } from "../../core/request.ts";
import type { FieldCipher } from "../cipher.ts";
import { RowCodec } from "../row-codec.ts";
import type { Scope } from "../scope.ts";
import { ANSWER_COLUMNS } from "../tables.ts";

export class SqlAnswerRepository implements AnswerRepository {
  readonly #scope: Scope;
  readonly #codec: RowCodec<RequestAnswer>;

  constructor(scope: Scope, cipher: FieldCipher) {
    this.#scope = scope;
    this.#codec = new RowCodec("answers", ANSWER_COLUMNS, cipher);
  }

  get(requestId: string): Promise<RequestAnswer | undefined> {
    return this.#scope.read(async (database) => {
      const row = await database.selectFrom("answers").selectAll().where("id", "=", requestId).executeTakeFirst();
      return row && this.#codec.decode(row);
    });
  }

  list({ agentId, limit = 100 }: { agentId?: string; limit?: number } = {}): Promise<RequestAnswer[]> {
    return this.#scope.read(async (database) => {
      const all = database.selectFrom("answers").selectAll();
      const query = agentId === undefined ? all : all.where("agentId", "=", agentId);
      const rows = await query.orderBy("createdAt", "desc").orderBy("id").limit(limit).execute();
      return rows.map((row) => this.#codec.decode(row));
    });
  }

  begin(answer: RequestAnswer, isAlive: (holder: ProcessIdentity) => boolean): Promise<void> {
    return this.#scope.write(async (database) => {
      const found = await database.selectFrom("answers").selectAll().where("id", "=", answer.id).executeTakeFirst();
      const earlier = found && this.#codec.decode(found);
      if (earlier && !isAbandoned(earlier, isAlive)) {
        throw new AppError("REQUEST_ALREADY_ANSWERED", `Request ${answer.id} has been answered already`, {
          details: { requestId: answer.id, decidedBy: earlier.decidedBy, state: earlier.state },
        });
      }
      if (earlier) await database.deleteFrom("answers").where("id", "=", answer.id).execute();
      await database.insertInto("answers").values(this.#codec.encode(answer)).execute();
    });
  }

  update(requestId: string, change: Partial<Omit<RequestAnswer, "id" | "agentId">>): Promise<void> {
    return this.#scope.write(async (database) => {
      const row = { ...this.#codec.encodeChange(requestId, change), id: requestId };
      await database.updateTable("answers").set(row).where("id", "=", requestId).execute();
    });
  }

  removeEnded(before: number, limit: number): Promise<number> {
    return this.#scope.write(async (database) => {
      const ended = database
        .selectFrom("answers")
        .select("id")
        .where("state", "in", ["settled", "failed"])
        .where((where) => where.fn.coalesce("settledAt", "createdAt"), "<", before)
        .limit(limit);
      const result = await database.deleteFrom("answers").where("id", "in", ended).executeTakeFirst();
      return Number(result.numDeletedRows);
    });
  }
}

/** Nothing of it was delivered, as far as its writer could tell, or its writer died before it could tell. */
function isAbandoned(answer: RequestAnswer, isAlive: (holder: ProcessIdentity) => boolean): boolean {
  if (answer.state === "failed") return true;
  return answer.state === "deciding" && (answer.holder === null || !isAlive(answer.holder));
}
