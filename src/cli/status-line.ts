/** One line at the bottom of a terminal that says what is running and for how long; elsewhere nothing. */
import { clearLine, cursorTo } from "node:readline";
import { describeDuration } from "../config/duration";

export class StatusLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #isShown: boolean;
  #text = "";
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream, isWanted: boolean) {
    this.#stream = stream;
    this.#isShown = isWanted && stream.isTTY;
  }

  /** Shows a line in place of the one before. */
  show(text: string): void {
    if (!this.#isShown) return;
    this.#text = text;
    this.#since = Date.now();
    // Most statements are over before anybody could read what they are.
    this.#timer ??= setInterval(() => this.#draw(), 500).unref();
  }

  /** Makes room for lines that stay. */
  clear(): void {
    if (!this.#isShown) return;
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
  }

  /** Takes the line away for good. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.clear();
  }

  #draw(): void {
    const elapsed = ` (${describeDuration(Date.now() - this.#since)})`;
    const room = Math.max(20, this.#stream.columns - elapsed.length - 1);
    this.clear();
    this.#stream.write(this.#text.slice(0, room) + elapsed);
  }
}
