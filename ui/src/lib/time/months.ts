import { texts } from '../../texts/times'

/** Their whole names, in the order of the year. */
export const MONTHS = [
  texts.january,
  texts.february,
  texts.march,
  texts.april,
  texts.may,
  texts.june,
  texts.july,
  texts.august,
  texts.september,
  texts.october,
  texts.november,
  texts.december,
]
