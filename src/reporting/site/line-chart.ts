import { attributes, type Html, html } from '../html.ts'
import { niceTop, pathOf, round } from '../svg.ts'

type Shape = {
  /** Of the stylesheet: how it is drawn, by colour and by dashes. */
  className: string
  name: string
}

type Chart = {
  /** What the drawing shows, and in what unit; whoever does not see it has the numbers in a table. */
  label: string
  /** Of the places along the axis, such as days. */
  places: readonly string[]
  /** A value for each place; undefined where there is none, and the line is broken there. */
  lines: readonly (Shape & { values: readonly (number | undefined)[] })[]
  bands?: readonly (Shape & {
    low: readonly (number | undefined)[]
    high: readonly (number | undefined)[]
  })[]
  /** Lines across the whole chart. */
  thresholds?: readonly (Shape & { value: number })[]
  /** Places before which something began anew: lines do not reach across. */
  breaks?: readonly { place: number; text: string }[]
  /** Places of which nothing can be told. */
  untold?: { places: readonly number[]; name: string }
  /** Powers of ten, from 0.1 on: what is less is drawn there. */
  isLogarithmic?: boolean
  written(value: number): string
}

/** Lines over time, drawn on the server: it needs neither scripts nor styles of its own. */
export function lineChart(chart: Chart): Html {
  const { places, lines, bands = [], thresholds = [], breaks = [], untold } = chart
  const scale = scaleOf(chart)
  const left =
    MARGIN + LETTER * Math.max(...scale.ticks.map((value) => chart.written(value).length))
  const x = (place: number) => left + ((place + 0.5) * (WIDTH - left - RIGHT)) / places.length
  const y = (value: number) => BOTTOM - scale.share(value) * (BOTTOM - TOP)
  const across = (className: string, at: number) =>
    html`<path${attributes({
      class: className,
      d: pathOf([
        [left, at],
        [WIDTH - RIGHT, at],
      ]),
    })}/>`
  const starts = [0, ...breaks.map(({ place }) => place), places.length]
  return html`<figure><figcaption>${chart.label}</figcaption>
<svg class="chart" aria-hidden="true" viewBox="0 0 640 320">
${scale.ticks.map(
  (value) =>
    html`${across('grid', y(value))}<text text-anchor="end"${attributes({ x: left - 6, y: round(y(value) + 4) })}>${chart.written(value)}</text>
`,
)}
${textsBelow(places, x).map(
  ({ text, middle }) =>
    html`<text text-anchor="middle"${attributes({ x: round(middle), y: BOTTOM + 20 })}>${text}</text>
`,
)}
${untold?.places.map(
  (place) =>
    html`<path class="untold"${attributes({ d: squareOf(x(place), (WIDTH - left - RIGHT) / places.length) })}/>
`,
)}
${breaks.map(
  ({ place, text }) =>
    html`<path class="break"${attributes({
      d: pathOf([
        [x(place - 0.5), TOP],
        [x(place - 0.5), BOTTOM],
      ]),
    })}/><text text-anchor="start"${attributes({ x: round(x(place - 0.5) + 4), y: TOP + 10 })}>${text}</text>
`,
)}
${bands.map(({ className, low, high }) =>
  runsOf(
    places.length,
    starts,
    (place) => low[place] !== undefined && high[place] !== undefined,
  ).map(
    (run) =>
      html`<path${attributes({
        class: className,
        d: `${pathOf([
          ...run.map((place) => [x(place), y(high[place] ?? 0)] as const),
          ...run.toReversed().map((place) => [x(place), y(low[place] ?? 0)] as const),
        ])}Z`,
      })}/>
`,
  ),
)}
${thresholds.map(({ className, value }) => across(className, y(value)))}
${lines.map(({ className, values }) =>
  runsOf(places.length, starts, (place) => values[place] !== undefined).map((run) => {
    const points = run.map((place) => [x(place), y(values[place] ?? 0)] as const)
    // A line of one place has no length: it is drawn as wide as a mark.
    const drawn =
      points.length > 1
        ? points
        : points.flatMap(
            ([at, height]) =>
              [
                [at - 3, height],
                [at + 3, height],
              ] as const,
          )
    return html`<path${attributes({ class: className, d: pathOf(drawn) })}/>
`
  }),
)}
</svg>
<ul class="legend">
${[...lines, ...bands, ...thresholds].map(({ className, name }) =>
  legendItem(
    className,
    name,
    bands.some((band) => band.className === className),
  ),
)}
${untold !== undefined && untold.places.length > 0 && legendItem('untold', untold.name, true)}
</ul>
</figure>`
}

const WIDTH = 640
/** On a phone letters are this wide, in units of the drawing. */
const LETTER = 12
const MARGIN = 12
const RIGHT = 12
const TOP = 12
const BOTTOM = 284
/** Some of the places below the axis, evenly, none of them cut off, and none touching another. */
function textsBelow(
  places: readonly string[],
  x: (place: number) => number,
): { text: string; middle: number }[] {
  const step = Math.max(1, Math.ceil(places.length / MOST_TEXTS))
  let free = 0
  return places.flatMap((text, place) => {
    if (place % step !== Math.floor(step / 2)) return []
    const half = (text.length * LETTER) / 2
    const middle = Math.max(half, Math.min(WIDTH - half, x(place)))
    if (middle - half < free) return []
    free = middle + half + LETTER
    return { text, middle }
  })
}

const MOST_TEXTS = 4

function legendItem(className: string, name: string, isArea: boolean): Html {
  return html`<li><svg class="chart" viewBox="0 0 24 12" aria-hidden="true"><path${attributes({ class: className, d: isArea ? 'M0 0H24V12H0Z' : 'M0 6H24' })}/></svg>${name}</li>
`
}

type Scale = { ticks: number[]; share(value: number): number }

function scaleOf({ lines, bands = [], thresholds = [], isLogarithmic = false }: Chart): Scale {
  const shown = [
    ...lines.flatMap(({ values }) => values),
    ...bands.flatMap(({ high }) => high),
    ...thresholds.map(({ value }) => value),
  ].filter((value): value is number => Number.isFinite(value))
  const most = Math.max(...shown, Number.MIN_VALUE)
  if (!isLogarithmic) {
    const top = most > 1e-9 ? niceTop(most) : 1
    return {
      ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => share * top),
      share: (value) => Math.min(1, Math.max(0, value / top)),
    }
  }
  const powers = Math.max(3, Math.ceil(Math.log10(most) + 1e-9)) - LEAST
  const step = Math.ceil(powers / MOST_TICKS)
  return {
    ticks: Array.from(
      { length: Math.floor(powers / step) + 1 },
      (_, i) => 10 ** (LEAST + i * step),
    ),
    share: (value) =>
      Math.min(1, Math.max(0, (Math.log10(Math.max(value, 10 ** LEAST)) - LEAST) / powers)),
  }
}

/** The power of ten at which a logarithmic axis begins. */
const LEAST = -1
const MOST_TICKS = 6

/** The places that lines reach over, in one go each: those that are shown, from one start to the next. */
function runsOf(
  places: number,
  starts: readonly number[],
  isShown: (place: number) => boolean,
): number[][] {
  const runs: number[][] = []
  for (let place = 0; place < places; place++) {
    if (!isShown(place)) continue
    const before = runs.at(-1)
    if (before && before.at(-1) === place - 1 && !starts.includes(place)) before.push(place)
    else runs.push([place])
  }
  return runs
}

function squareOf(middle: number, width: number): string {
  const [left, right] = [middle - width / 2, middle + width / 2]
  return `M${round(left)} ${TOP}H${round(right)}V${BOTTOM}H${round(left)}Z`
}
