import { AppError } from "../../core/errors.ts";

/** Where a read ended: a byte offset in one conversation's transcript. Opaque to callers. */
export interface Cursor {
  conversationId: string;
  offset: number;
}

const FORM = /^([0-9a-f-]{36})\.(\d{1,15})$/;

export function formatCursor(cursor: Cursor): string {
  return `${cursor.conversationId}.${cursor.offset}`;
}

/** @throws INVALID_INPUT */
export function parseCursor(text: string): Cursor {
  const match = FORM.exec(text);
  if (!match?.[1]) {
    throw new AppError("INVALID_INPUT", `${JSON.stringify(text)} is not a cursor`, {
      hint: "Use the cursor of an earlier agent read.",
    });
  }
  return { conversationId: match[1], offset: Number(match[2]) };
}
