/** Dates of new files, in the time zone that the project chose. */

type DatePart = "year" | "month" | "day" | "hour" | "minute" | "second";

/** The parts of a moment in a time zone, each with its leading zeros. Throws RangeError for an unknown zone. */
export function dateParts(moment: Date, timeZone: string): Readonly<Record<DatePart, string>> {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const part = (name: DatePart): string => (parts.get(name) ?? "").padStart(name === "year" ? 4 : 2, "0");
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}

/** A moment as ISO 8601 writes it, with the offset of a time zone; `Z` for UTC. */
export function isoDate(moment: Date, timeZone: string): string {
  if (timeZone === "UTC") return moment.toISOString();
  const { year, month, day, hour, minute, second } = dateParts(moment, timeZone);
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const minutes = Math.round((Date.parse(`${local}Z`) - Math.floor(moment.getTime() / 1000) * 1000) / 60_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const offset = `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${local}.${String(moment.getUTCMilliseconds()).padStart(3, "0")}${offset}`;
}
