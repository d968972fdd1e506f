/** How CloudWatch writes numbers, times and regions. */

/** `2022-07-22T15:57:45.394+0000` */
export function timestampText(atMs: number): string {
  return new Date(atMs).toISOString().replace("Z", "+0000");
}

/** `22/07/22 15:57:00` */
export function shortTime(atMs: number): string {
  const [date = "", time = ""] = new Date(atMs).toISOString().split("T");
  const [year = "", month, day] = date.split("-");
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

/** `Friday 22 July, 2022 15:57:45 UTC` */
export function longTime(atMs: number): string {
  const date = new Date(atMs);
  const day = String(date.getUTCDate()).padStart(2, "0");
  const time = date.toISOString().slice(11, 19);
  return `${days[date.getUTCDay()]} ${day} ${months[date.getUTCMonth()]}, ${date.getUTCFullYear()} ${time} UTC`;
}

/** As Java writes a double: `3.0`, `0.25`, `2.5E7`. */
export function doubleText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

const regionNames: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "eu-west-1": "EU (Ireland)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-east-1": "Asia Pacific (Hong Kong)",
};

/** As messages name a region; by its code where the name is not known here. */
export function regionName(region: string): string {
  return regionNames[region] ?? region;
}

/** JSON with doubles where CloudWatch writes doubles: text that is already JSON goes in as it is. */
export function jsonObject(members: readonly (readonly [name: string, json: string])[]): string {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}
