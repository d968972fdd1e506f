import type { JudgedWorld } from "@antipode/core/testing";
import type { Names } from "./names.ts";

/** At most, of the answers near a region that comes back. */
const shareMax = 1 / 4;

/** What `api` must never answer: a closed region while one is open, and more than a share near one that comes back. */
export function wrongAnswers(world: JudgedWorld, names: Names): readonly string[] {
  const routing = world.places.map((at) => world.routing(at));
  const isAnyOpen = routing.some(({ answered }) => answered);
  return world.places.flatMap((near) => {
    const led = names.led(near);
    const share = led.get(near) ?? 0;
    const isWhole = routing[near]?.answered === true && routing[near]?.whole;
    const isElseWhole = routing.some(({ answered, whole }, at) => at !== near && answered && whole);
    const closed = [...led.keys()].filter((at) => isAnyOpen && routing[at]?.answered !== true);
    return [
      ...closed.map((at) => `${at} is closed, and answers near ${near} lead there`),
      ...(isWhole && share < 1 ? [`${near} is whole, and ${share} of the answers near it lead there`] : []),
      ...(!isWhole && isElseWhole && share > shareMax
        ? [`${near} comes back, and ${share} of the answers near it lead there`]
        : []),
    ];
  });
}
