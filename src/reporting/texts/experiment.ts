import { inEveryLanguage } from '../../base/language.ts'
import { counted } from '../../base/wording.ts'
import { countedIn } from './numbers.ts'

/** Of the comment on a pull request that changes recipe, code or data. */
export const experimentTexts = inEveryLanguage({
  en: {
    invalid: 'The data cannot be used.',
    refusedFiles: (count: number) =>
      `${counted(count, 'file')} cannot be trusted, so nothing was trained.`,
    noVerdict: 'No verdict.',
    endedEarly: 'The run ended before it came to anything.',
    valid: 'The data can be used.',
    nothingCompared: 'Nothing was compared.',
    next: 'Next:',
    nextSteps: {
      invalid:
        'correct the files, or the contract in `datapackage.json`, as the table below says, and push again.',
      valid: 'nothing, where only data was to be checked; else open the run.',
      openTheRun:
        'open the run: its summary and its log say where it ended. Then push again, or run it again.',
      promote:
        'merge. The next retraining then trains this on the base branch, and proposes it as the next version in a pull request of its own; merging that one is the deployment.',
      refresh:
        'merge what you like: the recipe is that of production, which needs no refresh as it is. Every retraining looks again.',
      checkFailed:
        'see which check of the policy failed, change the recipe, and push again. As it is, no retraining would propose this.',
      notBetter:
        'change the recipe and push again. As it is, no retraining would propose this: merging changes nothing in production.',
    },
    details: 'Details',
    data: 'Data',
    moreFindings: (count: number) => `${counted(count, 'more finding')} in the summary of the run.`,
    findings: (count: number) => counted(count, 'finding'),
    theRun: 'The run',
    hasTheFiles: 'has the summaries and the files. A newer push brings this comment up to date.',
  },
  'pt-BR': {
    invalid: 'Os dados não podem ser usados.',
    refusedFiles: (count: number) =>
      `${countedIn('pt-BR', count, 'arquivo não é confiável', 'arquivos não são confiáveis')}; por isso nada foi treinado.`,
    noVerdict: 'Sem veredito.',
    endedEarly: 'A execução terminou antes de chegar a um resultado.',
    valid: 'Os dados podem ser usados.',
    nothingCompared: 'Nada foi comparado.',
    next: 'Próximo passo:',
    nextSteps: {
      invalid:
        'corrija os arquivos, ou o contrato em `datapackage.json`, como diz a tabela abaixo, e faça push de novo.',
      valid: 'nenhum, se só os dados deviam ser verificados; senão, abra a execução.',
      openTheRun:
        'abra a execução: o resumo e o log dizem onde ela terminou. Depois faça push de novo, ou execute-a outra vez.',
      promote:
        'faça o merge. O próximo retreinamento treina isto na branch principal e o propõe como próxima versão, em um pull request próprio; o merge desse outro é que põe em produção.',
      refresh:
        'faça o merge do que quiser: a receita é a que está em produção, que por ora não precisa de atualização. Cada retreinamento verifica de novo.',
      checkFailed:
        'veja qual verificação da política falhou, mude a receita e faça push de novo. Do jeito que está, nenhum retreinamento proporia isto.',
      notBetter:
        'mude a receita e faça push de novo. Do jeito que está, nenhum retreinamento proporia isto: o merge não muda nada em produção.',
    },
    details: 'Detalhes',
    data: 'Dados',
    moreFindings: (count: number) =>
      `Mais ${countedIn('pt-BR', count, 'ocorrência', 'ocorrências')} no resumo da execução.`,
    findings: (count: number) => countedIn('pt-BR', count, 'ocorrência', 'ocorrências'),
    theRun: 'A execução',
    hasTheFiles: 'tem os resumos e os arquivos. Um push mais novo atualiza este comentário.',
  },
})
