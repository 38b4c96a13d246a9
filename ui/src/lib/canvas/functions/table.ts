// All functions of Canvas that there are here.

import { texts } from '../../../texts/canvas'
import { DRAWINGS } from './drawings'
import type { Func } from './func'
import { POINTS } from './points'
import { SINGLES } from './single'
import { SOURCES } from './sources'
import { STYLES } from './styles'
import { TABLES } from './tables'

export const FUNCTIONS: ReadonlyMap<string, Func> = new Map(
  Object.entries<Func>({ ...DRAWINGS, ...POINTS, ...SINGLES, ...SOURCES, ...STYLES, ...TABLES }),
)

/** Functions of Kibana that are refused, and what to do instead. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ['demodata', texts.madeUpData],
  ['dropdownControl', texts.choicesOnThePage],
  ['geohash', texts.pointsOnMaps],
  ['location', texts.thePlaceOfTheReader],
  ['replace', texts.patternsOfAForeignFile],
  ['repeatImage', texts.repeatedImagesAreNotDrawn],
  ['revealImage', texts.imagesThatAreRevealed],
  ['savedMap', texts.mapsOfSeveralLayers],
  ['timelion', texts.timelionIsNotComputedHere],
  ['urlparam', texts.theAddressOfThePage],
  ['essearch', texts.useEsdocs],
])
