import { inEveryLanguage } from '../../base/language.ts'

/** All that the page for logging in says. */
export const loginTexts = inEveryLanguage({
  en: {
    title: 'Log in',
    withCode: 'The link that you opened lets you in on this device.',
    withoutCode: 'Open the link that you were given, or enter it here.',
    code: 'Link or code',
    logIn: 'Log in',
    withAccount: 'Log in with your account of the company',
    problems: {
      code: 'This link was used before, or its time is over. Ask whoever gave it to you for a new one.',
      late: 'The page was open for too long. Please press the button once more.',
      refused: 'That did not work. Please try once more.',
      stranger:
        'Your account is known, but it does not belong to those who may come in here. Ask whoever runs this service.',
      many: 'That was tried too often. Please wait a quarter of an hour.',
      unreachable: 'Nobody can be let in now. Please try again in a few minutes.',
    },
  },
  'pt-BR': {
    title: 'Entrar',
    withCode: 'O link que você abriu permite entrar neste aparelho.',
    withoutCode: 'Abra o link que você recebeu, ou digite-o aqui.',
    code: 'Link ou código',
    logIn: 'Entrar',
    withAccount: 'Entrar com a sua conta da empresa',
    problems: {
      code: 'Este link já foi usado, ou o prazo dele acabou. Peça um novo a quem o enviou.',
      late: 'A página ficou aberta por muito tempo. Aperte o botão mais uma vez, por favor.',
      refused: 'Não deu certo. Tente mais uma vez, por favor.',
      stranger:
        'A sua conta é conhecida, mas não está entre as que podem entrar aqui. Fale com quem cuida deste serviço.',
      many: 'Foram tentativas demais. Espere um quarto de hora, por favor.',
      unreachable: 'Agora não é possível entrar. Tente de novo em alguns minutos.',
    },
  },
})
