import { inEveryLanguage } from '../../base/language.ts'
import { counted } from '../../base/wording.ts'
import { countedIn } from './numbers.ts'

/** What jobs come to; numbers are written already. */
type Costs = { jobs: number; billed: string; wall: string }

/** Of the fits that the jobs of a workflow share. */
type JobTexts = {
  planTitle: string
  /** Of a plan that one job carries out. */
  alone(costs: Costs): string
  /** Of so many shards; the costs are also those of the job before them and the one after. */
  shared(shards: number, costs: Costs, alone: Costs): string
  nothingToFit: string
  minutes(value: string): string
  planned: [job: string, fits: string, origins: string, estimate: string]
  searches(count: number): string
  /** Of the parts of these names. */
  allOf(parts: string): string
  fitted(shard: number, of: number, fits: number): string
  tookTitle: string
  took(costs: Costs, estimate: Costs): string
  lost(shards: number[]): string
  measured: [job: string, fits: string, estimate: string, took: string]
  /** The job before the others, and the one after them. */
  first: string
  last: string
}

export const jobTexts = inEveryLanguage<JobTexts>({
  en: {
    planTitle: 'Fits and jobs',
    alone: ({ billed, wall }) =>
      `This job makes all fits: about ${wall}, ${billed} billed, by estimate.`,
    shared: (shards, { billed, wall }, alone) =>
      `${counted(shards, 'job')} share the fits, between one that plans and one that decides: about ${wall}, ${billed} billed, by estimate. One job would take ${alone.wall}, ${alone.billed} billed.`,
    nothingToFit:
      'No fits are left to share: all are known from before, or the history is too short to judge any.',
    minutes: (value) => `${value} min`,
    planned: ['Job', 'Fits', 'Origins', 'Estimate'],
    searches: (count) => `${counted(count, 'search', 'searches')} of a family`,
    allOf: (parts) => `all of ${parts}`,
    fitted: (shard, of, fits) => `Job ${shard} of ${of}: ${counted(fits, 'fit')} made.`,
    tookTitle: 'What the jobs took',
    took: ({ jobs, billed, wall }, estimate) =>
      `${counted(jobs, 'job')} took ${wall}, ${billed} billed. The estimate was ${estimate.wall}, ${estimate.billed} billed.`,
    lost: (shards) =>
      `⚠️ ${shards.length === 1 ? `Job ${shards[0]} has handed` : `Jobs ${shards.join(', ')} have handed`} nothing over in time: what is missing was fitted here, which changes no result. What ${shards.length === 1 ? 'it' : 'they'} took is not known, and not counted.`,
    measured: ['Job', 'Fits', 'Estimate', 'Took'],
    first: 'plan',
    last: 'last',
  },
  'pt-BR': {
    planTitle: 'Ajustes e jobs',
    alone: ({ billed, wall }) =>
      `Este job faz todos os ajustes: cerca de ${wall}, ${billed} cobrados, por estimativa.`,
    shared: (shards, { billed, wall }, alone) =>
      `${countedIn('pt-BR', shards, 'job', 'jobs')} dividem os ajustes, entre um que planeja e um que decide: cerca de ${wall}, ${billed} cobrados, por estimativa. Um só job levaria ${alone.wall}, ${alone.billed} cobrados.`,
    nothingToFit:
      'Não restam ajustes a dividir: todos já são conhecidos, ou o histórico é curto demais para julgar algum.',
    minutes: (value) => `${value} min`,
    planned: ['Job nº', 'Ajustes', 'Origens', 'Estimativa'],
    searches: (count) => `${countedIn('pt-BR', count, 'busca', 'buscas')} de uma família`,
    allOf: (parts) => `todos de ${parts}`,
    fitted: (shard, of, fits) =>
      `Job ${shard} de ${of}: ${countedIn('pt-BR', fits, 'ajuste feito', 'ajustes feitos')}.`,
    tookTitle: 'O que os jobs levaram',
    took: ({ jobs, billed, wall }, estimate) =>
      `${countedIn('pt-BR', jobs, 'job', 'jobs')} levaram ${wall}, ${billed} cobrados. A estimativa era ${estimate.wall}, ${estimate.billed} cobrados.`,
    lost: (shards) =>
      `⚠️ ${shards.length === 1 ? `O job ${shards[0]} não entregou` : `Os jobs ${shards.join(', ')} não entregaram`} nada a tempo: o que falta foi ajustado aqui, o que não muda nenhum resultado. O que ${shards.length === 1 ? 'levou' : 'levaram'} não se sabe, e não está na conta.`,
    measured: ['Job nº', 'Ajustes', 'Estimativa', 'Levou'],
    first: 'plano',
    last: 'último',
  },
})
