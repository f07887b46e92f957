import { inEveryLanguage } from '../../base/language.ts'
import { counted } from '../../base/wording.ts'
import type { Verdict } from '../../evaluation/gate/evaluation.ts'
import type { ChangedLines } from '../../registry/data-change.ts'
import { countedIn, numbersIn } from './numbers.ts'

/** A version, by its number and the last day that it has learnt from (ISO). */
type Trained = { version: number; through: string }

/** What changed in the sales: the last day before and now (ISO), and the days between. */
type Span = { before: string; now: string; days: number }

/**
 * The pull request of a promotion or a rollback, and the release that follows. What comes from
 * outside is Markdown already.
 */
type PromotionTexts = {
  promotionTitle(
    version: number,
    what: { isRefresh: boolean; model: string; effect: string },
  ): string
  effect(metric: string, change: string): string
  merging(into: string, proposed: Trained, current: Trained | undefined): string
  details: string

  modelCard: string
  theRun: string
  approval: string
  check: {
    title: string
    hashes(sha256: string): string
    parent(parent: { version: number; model: string } | undefined): string
    scope: string
    restored(version: number): string
    lineage: string
    reproduction: string
    butNot: string
  }
  tryIt: string
  rollBack: string
  noEarlier: string
  rollBackTo(version: number): string
  rollBackOnGitHub(workflow: string, version: number): string
  whatWentWrong: string

  changedSince(version: number): string
  recipe: string
  theSame: string
  settingsChanged(count: number): string
  data: string
  salesSpan(span: Span): string
  sameFiles: string
  otherFiles: string
  lines(change: ChangedLines): string
  plan(lines: string): string
  parts: Record<'code' | 'packages' | 'contract', string>
  changed(commits: string): string

  lineage: string
  lineageHeaders: string[]
  madeFrom: Record<
    | 'commit'
    | 'code'
    | 'lockfile'
    | 'data'
    | 'contract'
    | 'recipe'
    | 'policy'
    | 'ordering'
    | 'remote'
    | 'trainedOn'
    | 'trainedThrough'
    | 'asOf'
    | 'seed'
    | 'toolchain',
    string
  >

  pending(verdict: Verdict, waiting: { version: number; branch: string }, found: string): string

  rollbackTitle(version: number): string
  backTo(version: number): string
  mergingRollback(
    into: string,
    versions: { restored: number; proposed: number; current: number },
  ): string
  versionHeaders: string[]
  inProductionNow: string
  proposed: string
  goesBackTo: string
  holdsBack: string
  hold(version: number, policy: string): string

  releaseTitle(version: number, model: string): string
  replaces(version: number | undefined): string
  again(version: number): string
  firstComparison: string
  released(through: string, replaces: string, card: string): string
  checkFiles: string
  file: string
}

const en = numbersIn.en
const pt = numbersIn['pt-BR']

export const promotionTexts = inEveryLanguage<PromotionTexts>({
  en: {
    promotionTitle: (version, { isRefresh, model, effect }) =>
      `Promote version ${version}${isRefresh ? ', a refresh' : ''}: ${model}${effect}`,
    effect: (metric, change) => `, ${metric} ${change}`,
    merging(into, { version, through }, current) {
      const model = `model v${version}, trained through ${en.day(through)}`
      return current
        ? `Merging into ${into} puts ${model}, in production, in place of v${current.version}, trained through ${en.day(current.through)}.`
        : `Merging into ${into} puts ${model}, in production. Nothing is there yet.`
    },
    details: 'Details',

    modelCard: 'Model card',
    theRun: 'the run that proposed it',
    approval:
      'The checks wait for you: GitHub does not start them by itself where a workflow opened or updated the pull request. Press **Approve workflows to run** in the box at its end; that takes write access. Where there is no such button, close the pull request and reopen it.',
    check: {
      title: 'What the check proves',
      hashes: (sha256) =>
        `**Hashes:** every file is the one that \`manifest.json\` lists. \`model.json\` has the SHA-256 \`${sha256}\`.`,
      parent: (parent) =>
        `**Parent:** ${parent ? `v${parent.version} (\`${parent.model}\`) is still in production` : 'nothing is in production yet'}: no other version came in between.`,
      scope: '**Scope:** nothing outside `model-registry/production/` is changed.',
      restored: (version) =>
        `**Restored version:** every file is byte for byte that of v${version}, which was in production.`,
      lineage:
        '**Lineage:** the base itself had code, packages, sales, contract, recipe, policy and terms of ordering as recorded, all at one commit.',
      reproduction:
        '**Reproduction:** trained and compared again from exactly those, every file comes out byte for byte. Nobody can have edited model, numbers, card or charts.',
      butNot: 'It cannot prove that the model is wanted: that is the review.',
    },
    tryIt: 'Try it',
    rollBack: 'Roll back',
    noEarlier: 'There is no earlier version to go back to.',
    rollBackTo: (version) =>
      `Once this is in production, this proposes the model of v${version} again, without training.`,
    rollBackOnGitHub: (workflow, version) =>
      `The workflow ${workflow} does the same: Run workflow, version ${version}.`,
    whatWentWrong: 'What went wrong',

    changedSince: (version) => `What changed since v${version}`,
    recipe: 'Recipe',
    theSame: 'the same',
    settingsChanged: (count) => `${counted(count, 'setting')} changed`,
    data: 'Data',
    salesSpan: ({ before, now, days }) =>
      days === 0
        ? `sales through ${now}, as before`
        : `${counted(Math.abs(days), days > 0 ? 'more day' : 'fewer day')} of sales, through ${now} instead of ${before}`,
    sameFiles: 'the files are the same',
    otherFiles: 'other files',
    lines: ({ files, added, removed }) =>
      `${counted(added, 'line')} added and ${en.integer(removed)} removed in ${counted(files, 'file')}`,
    plan: (lines) => `the plan: ${lines}`,
    parts: { code: 'Code', packages: 'Packages', contract: 'Data contract' },
    changed: (commits) => `changed, ${commits}`,

    lineage: 'Lineage',
    lineageHeaders: ['What', 'Where', 'Id or value'],
    madeFrom: {
      commit: 'Commit',
      code: 'Code',
      lockfile: 'Lock file',
      data: 'Data',
      contract: 'Contract',
      recipe: 'Recipe',
      policy: 'Policy',
      ordering: 'Terms of ordering',
      remote: 'Sales elsewhere',
      trainedOn: 'Trained on',
      trainedThrough: 'Trained through',
      asOf: 'As of',
      seed: 'Seed',
      toolchain: 'Toolchain',
    },

    pending(verdict, { version, branch }, found) {
      const waiting = `version ${version}, which waits on ${branch}`
      const sentences = {
        better: `It is better than ${waiting}${found}.`,
        worse: `It is worse than ${waiting}${found}, and does not take its place: merge that one, or delete the branch.`,
        'not distinguishable': `It cannot be distinguished from ${waiting}${found}.`,
      }
      return sentences[verdict]
    },

    rollbackTitle: (version) => `Roll back to version ${version}`,
    backTo: (version) => `Back to model v${version}.`,
    mergingRollback: (into, { restored, proposed, current }) =>
      `Merging into ${into} puts the model of v${restored} in production again, as v${proposed}, in place of v${current}. Nothing is trained: the model is the same, byte for byte.`,
    versionHeaders: ['', 'Version', 'Trained through', 'SHA-256 of model.json'],
    inProductionNow: 'In production now',
    proposed: 'Proposed',
    goesBackTo: 'What it goes back to',
    holdsBack: 'What it holds back',
    hold: (version, policy) =>
      `Retraining does not propose the model of v${version} again, nor another of its recipe: that waits until \`recipe.yml\` changes, or until the reviewers lift it with \`lift: [${version}]\` in \`${policy}\`.`,

    releaseTitle: (version, model) => `Model v${version}: ${model}`,
    replaces: (version) =>
      version === undefined ? 'It is the first.' : `It replaces v${version}.`,
    again: (version) => `The model of v${version} again.`,
    firstComparison: 'The comparison below is the one with which it was first promoted.',
    released: (through, replaces, card) =>
      `Trained through ${en.day(through)}. ${replaces} ${card}.`,
    checkFiles: 'Check the files',
    file: 'File',
  },

  'pt-BR': {
    promotionTitle: (version, { isRefresh, model, effect }) =>
      `Promover a versão ${version}${isRefresh ? ', uma atualização' : ''}: ${model}${effect}`,
    effect: (metric, change) => `, ${metric} ${change}`,
    merging(into, { version, through }, current) {
      const model = `o modelo v${version}, treinado com vendas até ${pt.day(through)}`
      return current
        ? `O merge em ${into} põe em produção ${model}, no lugar do v${current.version}, treinado com vendas até ${pt.day(current.through)}.`
        : `O merge em ${into} põe em produção ${model}. Ainda não há nenhum em produção.`
    },
    details: 'Detalhes',

    modelCard: 'Ficha do modelo (em inglês)',
    theRun: 'a execução que o propôs',
    approval:
      'As verificações esperam por você: o GitHub não as inicia sozinho quando foi um workflow que abriu ou atualizou o pull request. Aperte **Approve workflows to run** no quadro ao final da página; é preciso ter permissão de escrita. Se o botão não aparecer, feche o pull request e abra-o de novo.',
    check: {
      title: 'O que a verificação prova',
      hashes: (sha256) =>
        `**Hashes:** cada arquivo é o que consta em \`manifest.json\`. O SHA-256 de \`model.json\` é \`${sha256}\`.`,
      parent: (parent) =>
        `**Versão anterior:** ${parent ? `a v${parent.version} (\`${parent.model}\`) continua em produção` : 'ainda não há nada em produção'}: nenhuma outra versão entrou nesse meio-tempo.`,
      scope: '**Alcance:** nada muda fora de `model-registry/production/`.',
      restored: (version) =>
        `**Versão restaurada:** cada arquivo é, byte a byte, o da v${version}, que já esteve em produção.`,
      lineage:
        '**Linhagem:** a própria branch de destino teve código, pacotes, vendas, contrato, receita, política e condições de compra como registrados, todos em um mesmo commit.',
      reproduction:
        '**Reprodução:** treinado e comparado de novo a partir exatamente disso, cada arquivo sai igual, byte a byte. Ninguém pode ter editado modelo, números, ficha ou gráficos.',
      butNot: 'Ela não prova que se quer esse modelo: para isso serve a revisão.',
    },
    tryIt: 'Experimentar antes',
    rollBack: 'Voltar atrás',
    noEarlier: 'Não há versão anterior para a qual voltar.',
    rollBackTo: (version) =>
      `Com esta versão em produção, o comando abaixo propõe de novo o modelo da v${version}, sem treinar nada.`,
    rollBackOnGitHub: (workflow, version) =>
      `O workflow ${workflow} faz o mesmo: Run workflow, version ${version}.`,
    whatWentWrong: 'O que deu errado',

    changedSince: (version) => `O que mudou desde a v${version}`,
    recipe: 'Receita',
    theSame: 'sem mudança',
    settingsChanged: (count) =>
      `${countedIn('pt-BR', count, 'configuração mudou', 'configurações mudaram')}`,
    data: 'Dados',
    salesSpan: ({ before, now, days }) =>
      days === 0
        ? `vendas até ${pt.day(now)}, como antes`
        : `${countedIn('pt-BR', Math.abs(days), 'dia', 'dias')} de vendas a ${days > 0 ? 'mais' : 'menos'}, até ${pt.day(now)} em vez de ${pt.day(before)}`,
    sameFiles: 'os arquivos são os mesmos',
    otherFiles: 'os arquivos são outros',
    lines: ({ files, added, removed }) =>
      `${countedIn('pt-BR', added, 'linha acrescentada', 'linhas acrescentadas')} e ${countedIn('pt-BR', removed, 'retirada', 'retiradas')} em ${countedIn('pt-BR', files, 'arquivo', 'arquivos')}`,
    plan: (lines) => `o plano: ${lines}`,
    parts: { code: 'Código', packages: 'Pacotes', contract: 'Contrato dos dados' },
    changed: (commits) => `com mudanças, ${commits}`,

    lineage: 'Linhagem',
    lineageHeaders: ['O quê', 'Onde', 'Id ou valor'],
    madeFrom: {
      commit: 'Commit',
      code: 'Código',
      lockfile: 'Arquivo lock',
      data: 'Dados',
      contract: 'Contrato',
      recipe: 'Receita',
      policy: 'Política',
      ordering: 'Condições de compra',
      remote: 'Vendas de fora',
      trainedOn: 'Treinado em',
      trainedThrough: 'Vendas até',
      asOf: 'Como se fosse em',
      seed: 'Semente',
      toolchain: 'Ferramentas',
    },

    pending(verdict, { version, branch }, found) {
      const waiting = `a versão ${version}, que espera em ${branch}`
      const sentences = {
        better: `É melhor que ${waiting}${found}.`,
        worse: `É pior que ${waiting}${found}, e não toma o lugar dela: faça o merge daquela ou apague a branch.`,
        'not distinguishable': `Não se distingue d${waiting}${found}.`,
      }
      return sentences[verdict]
    },

    rollbackTitle: (version) => `Voltar à versão ${version}`,
    backTo: (version) => `De volta ao modelo v${version}.`,
    mergingRollback: (into, { restored, proposed, current }) =>
      `O merge em ${into} põe de novo em produção o modelo da v${restored}, agora como v${proposed}, no lugar da v${current}. Nada é treinado: o modelo é o mesmo, byte a byte.`,
    versionHeaders: ['', 'Versão', 'Vendas até', 'SHA-256 de model.json'],
    inProductionNow: 'Em produção agora',
    proposed: 'Proposta',
    goesBackTo: 'O que muda ao voltar',
    holdsBack: 'O que fica retido',
    hold: (version, policy) =>
      `O retreinamento não propõe de novo o modelo da v${version}, nem outro da mesma receita: isso espera até que \`recipe.yml\` mude, ou até que os revisores liberem com \`lift: [${version}]\` em \`${policy}\`.`,

    releaseTitle: (version, model) => `Modelo v${version}: ${model}`,
    replaces: (version) =>
      version === undefined ? 'É a primeira versão.' : `Substitui a v${version}.`,
    again: (version) => `De novo o modelo da v${version}.`,
    firstComparison: 'A comparação abaixo é a da primeira vez em que ele foi promovido.',
    released: (through, replaces, card) =>
      `Treinado com vendas até ${pt.day(through)}. ${replaces} ${card}.`,
    checkFiles: 'Confira os arquivos',
    file: 'Arquivo',
  },
})
