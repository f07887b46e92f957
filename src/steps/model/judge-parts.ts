import { originsKnownTo } from '../../evaluation/backtest.ts'
import { type Challenge, kindOfChallenge, sellingSeries } from '../../evaluation/gate/challenge.ts'
import { type Coming, comingChanges, mergedComing } from '../../evaluation/gate/coming.ts'
import {
  type ComparedScores,
  comparedScores,
  mergedScores,
  type PartScores,
} from '../../evaluation/gate/compared-scores.ts'
import { type Comparison, judgedScores } from '../../evaluation/gate/comparison.ts'
import { backtestOn, judgedOrigins, type Schedule } from '../../evaluation/gate/evaluate.ts'
import type { Evaluation } from '../../evaluation/gate/evaluation.ts'
import type { Policy } from '../../evaluation/gate/policy.ts'
import { smallerQuestions } from '../../evaluation/gate/question.ts'
import { openHistory } from '../../evaluation/search/history.ts'
import { partsName } from '../../forecasting/model-in-parts.ts'
import { recipeOfPart } from '../../forecasting/recipe.ts'
import type { Ordering } from '../../ordering/buying-terms.ts'
import { knownSeries, type OpenedArtifact, type OpenedParts } from '../../registry/model-parts.ts'
import type { SalesInParts } from '../data/sales-in-parts.ts'
import { championBefore, championForecasts } from './champion-forecasts.ts'
import type { Histories, OpenedSales } from './with-history.ts'

/** What a challenger in parts is judged by, and against whom. */
export type PartsContest = {
  challenger: OpenedParts
  /** Absent where nothing is in production. */
  champion?: OpenedArtifact
  sales: SalesInParts
  histories: Histories
  policy: Policy
  ordering: Ordering
  /** Gets the rows and forecasts of each part, which nobody holds on to. */
  onPart?: (backtested: Comparison) => Promise<void>
} & Pick<Comparison, 'sameModel' | 'campaign'>

/**
 * Backtests challenger, champion and baseline part by part, at the same origins, and decides by the
 * policy over the rows of all parts. Undefined is what is coming where the champion is not parted as
 * the challenger is.
 */
export async function evaluateParts(
  contest: PartsContest,
): Promise<{ evaluation: Evaluation; coming: Coming | undefined }> {
  const { challenger, champion, sales, histories, policy, sameModel, campaign } = contest
  const { recipe } = challenger.index
  const answered = await knownSeries({ kind: 'parts', parts: challenger })
  const before = champion && (await championBefore(champion))
  const known = new Set(before?.series)
  const kind = kindOfChallenge(challenger.index, before)
  const smaller = before ? smallerQuestions({ recipe, series: answered }, before) : []
  const chain = openHistory(sales.chain).panel({ frequency: recipe.frequency, censoring: false })
  const now = chain.firstPeriod + chain.periods - 1
  const counted = { series: 0, newSeries: 0 }
  const challengeNow = (): Challenge => (kind.kind === 'refresh' ? { ...kind, ...counted } : kind)
  const schedule: Schedule = {
    challenge: challengeNow(),
    smaller,
    origins: judgedOrigins(chain, recipe, challengeNow(), policy),
  }
  const partedAlike = before?.recipe.partition === recipe.partition
  const reference =
    before && !partedAlike
      ? await championForecasts(before, { ...contest, recipe, origins: schedule.origins })
      : undefined

  const parts: PartScores[] = []
  const coming: Coming[] = []
  for (const { name } of challenger.index.parts) {
    await histories.part(name, async (opened) => {
      const { model } = await challenger.load(name)
      const production =
        before?.kind === 'parts' && partedAlike ? (await before.parts.load(name)).model : undefined
      const origins = originsKnownTo(opened.history, recipeOfPart(recipe), schedule.origins)
      const backtested = await backtestOn(
        {
          ...contestOf(contest, opened),
          challenger: model,
          ...(production && { champion: production }),
        },
        { ...schedule, origins },
        reference,
      )
      await contest.onPart?.(backtested)
      parts.push({ name, scores: comparedScores(backtested) })
      const changes =
        production &&
        comingChanges({
          ...contestOf(contest, opened),
          ...opened,
          challenger: model,
          champion: production,
        })
      if (changes) coming.push(changes)
      if (kind.kind === 'refresh' && before) {
        const selling = sellingSeries(opened.history, recipe, known, now)
        counted.series += selling.series
        counted.newSeries += selling.newSeries
      }
    })
  }
  const scores = mergedScores(parts, {
    challenge: challengeNow(),
    ...(smaller.length > 0 && { smaller }),
    sameModel,
    ...(campaign && { campaign }),
    contenders: contendersOf(parts, contest, before?.name),
  })
  return { evaluation: judgedScores(scores), coming: mergedComing(coming) }
}

function contestOf(
  { policy, ordering, sameModel }: PartsContest,
  { totals, history }: OpenedSales,
) {
  return { totals, history, policy, ordering, sameModel }
}

function contendersOf(
  parts: PartScores[],
  { challenger }: PartsContest,
  champion: string | undefined,
): ComparedScores['contenders'] {
  const name = partsName(challenger.index)
  const all = parts.map(({ scores }) => scores)
  const days = [...new Set(all.flatMap((scores) => scores.days))].sort((a, b) => a - b)
  const chosen = (who: 'challenger' | 'champion' | 'baseline', otherwise: string) =>
    days.map((day) => {
      const names = new Set(
        all.flatMap((scores) => {
          const at = scores.days.indexOf(day)
          return at < 0 ? [] : (scores.contenders[who]?.chosen[at] ?? [])
        }),
      )
      const [only] = names
      return names.size === 1 ? only : otherwise
    })
  // A part of which nothing is scored has no name for it.
  const scored = all.find(({ days }) => days.length > 0) ?? all[0]
  const baseline = scored.contenders.baseline.model
  return {
    challenger: { model: name, chosen: chosen('challenger', name) },
    ...(champion !== undefined && {
      champion: { model: champion, chosen: chosen('champion', champion) },
    }),
    baseline: { model: baseline, chosen: chosen('baseline', baseline) },
  }
}
