import { inEveryLanguage } from '../../base/language.ts'
import { countedIn } from './numbers.ts'

/** Of the issue about what runs by itself. What comes from outside is Markdown already. */
export const alertTexts = inEveryLanguage({
  en: {
    fails: '**It fails.**',
    overdue: (days: number) =>
      `**It is overdue:** without success for more than ${countedIn('en', days, 'day', 'days')}.`,
    succeeded: (workflow: string, day: string) => `${workflow} last succeeded on ${day}.`,
    neverSucceeded: (workflow: string) => `${workflow} has never succeeded.`,
    staysAsItIs: 'Production and its forecasts stay as they are until this is mended.',
    whatToDo: 'What to do',
    theWorkflow: 'the workflow',
    remedies: (workflow: string) => [
      'Open the run: the summary of the job that failed says what was expected, what came, and the remedy.',
      `Mend that, then start ${workflow} by hand under Actions, Run workflow.`,
      'Where there is no recent run at all, GitHub has switched the workflow off: enable it under Actions. It does so in public repositories without activity for 60 days.',
    ],
    theRun: 'The run that says so',
    updatedInPlace: 'This issue is updated in place, and closed when it works again.',
    worksAgain: 'It works again',
    theRunThatWorked: 'the run',
  },
  'pt-BR': {
    fails: '**Está falhando.**',
    overdue: (days: number) =>
      `**Está atrasado:** sem sucesso há mais de ${countedIn('pt-BR', days, 'dia', 'dias')}.`,
    succeeded: (workflow: string, day: string) =>
      `${workflow} funcionou pela última vez em ${day}.`,
    neverSucceeded: (workflow: string) => `${workflow} nunca funcionou.`,
    staysAsItIs: 'A produção e as suas previsões ficam como estão até que isto seja corrigido.',
    whatToDo: 'O que fazer',
    theWorkflow: 'o workflow',
    remedies: (workflow: string) => [
      'Abra a execução: o resumo do job que falhou diz o que era esperado, o que veio e como corrigir.',
      `Corrija isso e depois inicie ${workflow} à mão, em Actions, Run workflow.`,
      'Se não há nenhuma execução recente, o GitHub desligou o workflow: ligue-o de novo em Actions. Ele faz isso em repositórios públicos sem atividade por 60 dias.',
    ],
    theRun: 'A execução que diz isto',
    updatedInPlace: 'Esta issue é atualizada no lugar, e fechada quando voltar a funcionar.',
    worksAgain: 'Voltou a funcionar',
    theRunThatWorked: 'a execução',
  },
})
