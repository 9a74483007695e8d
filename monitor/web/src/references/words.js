// Names of the reference desk's, as people say them.
export const COLUMNS = [['found', 'Found'], ['asked', 'Asked'], ['internal-only', 'Inside only'], ['named', 'Named']]
export const FOLDED = [['withdrawn', 'Withdrawn'], ['expired', 'Expired']]

const PERMISSIONS = { 'found': 'plain', 'asked': 'busy', 'internal-only': 'good', 'named': 'good', 'withdrawn': 'hot', 'expired': 'hot' }

export function permissionWord(permission) {
	return [[...COLUMNS, ...FOLDED].find(([id]) => id === permission)?.[1] ?? permission, PERMISSIONS[permission] ?? 'plain']
}

const TONES = { mixed: 'praise with a limit', positive: 'praise', neutral: 'neutral', negative: 'unhappy', none: 'no word about us' }

export function toneWord(tone) {
	return TONES[tone] ?? tone
}

const PARTS = { limit: 'Limit', lesson: 'Lesson', selection: 'Why they chose', outcome: 'Outcome' }

export function partWord(part) {
	return PARTS[part] ?? part[0].toUpperCase() + part.slice(1)
}

const ACTIONS = {
	ask: 'asked the gatekeeper', grant: 'kept that they agreed, inside only', name: 'kept that they may be named', refuse: 'kept that they said no',
	withdraw: 'withdrew it', reopen: 'opened it again', hold: 'put it on hold', unhold: 'ended the hold', assign: 'named the gatekeeper',
	use: 'used it for', outcome: 'told how it went', signed: 'signed', thanked: 'thanked them', undo: 'took back', nominated: 'put them up',
	found: 'found it', said: 'heard them again', 'consent voided': 'voided the consent: the text is another now', owner: 'settled the owner', 'ask again': 'asked again', remind: 'reminded', escalate: 'asked the second', lapse: 'got no answer', expire: 'let it expire',
	'hold over': 'ended the hold', rests: 'gave them a rest', request: 'asked', fulfil: 'fulfilled it', supply: 'named',
}

export function deskAction(action) {
	return action.startsWith('refused: ') ? `was refused: ${action.slice(9)}` : ACTIONS[action] ?? action
}

const STATES = { open: ['Open', 'new'], named: ['Named', 'busy'], fulfilled: ['Fulfilled', 'good'], refused: ['Refused', 'hot'],
	withdrawn: ['Called off', 'plain'], expired: ['Expired', 'plain'] }

export function requestWord(state) {
	return STATES[state] ?? [state, 'plain']
}
