// What hark says of a source, as people say it.

const STATES = {
	ok: ['Well', 'good', 'It is heard, and the last answer was good.'],
	streaming: ['Listening', 'good', 'hark is connected and hears what is published at once.'],
	new: ['New', 'plain', 'It has not been asked yet. Its first answer raises nothing: it shows what there was before.'],
	failing: ['Failing', 'bad', 'Its last requests failed. hark asks again by itself, with longer and longer pauses.'],
	paused: ['Paused', 'plain', 'Nobody asks it until somebody resumes it.'],
	standby: ['Standing by', 'plain', 'It is asked only while the source that it stands for fails.'],
	resting: ['Resting', 'plain', 'It is asked in its hours only.'],
	damaged: ['Damaged', 'hot', 'Its last answer was damaged; what could be read was read.'],
	silent: ['Silent', 'hot', 'It answers, but nothing new has come for much longer than usual.'],
	stale: ['Stale', 'hot', 'Nothing good has been heard from it for too long.'],
	refused: ['Refused', 'bad', 'It refuses hark: a password, a token or its rules have changed.'],
	gone: ['Gone', 'bad', 'It says that it is not there any more.'],
	changed: ['Another format', 'bad', 'What it answers cannot be read any more.'],
}

// [what it is called, how it is coloured, one sentence]
export function health(source) {
	const known = STATES[source.state]
	if (known) {
		return known
	}
	return [source.state, 'hot', source.alarms[0]?.text ?? '']
}

const CAUSES = {
	stopped: 'hark did not run', paused: 'it was paused', failing: 'it did not answer',
	overflow: 'more was published than one answer holds', stream: 'the stream was cut',
}

export function causeWord(cause) {
	return CAUSES[cause] ?? cause
}

const UNITS = [[86400000, 'd'], [3600000, 'h'], [60000, 'min'], [1000, 's']]

// "30 min", from milliseconds.
export function every(ms) {
	const [size, name] = UNITS.find(([unit]) => ms >= unit && ms % unit === 0) ?? UNITS.find(([unit]) => ms >= unit) ?? [1, 'ms']
	return `${Math.round(ms / size)} ${name}`
}

// When it is asked next, if that is not now.
export function dueLater(source) {
	return source.due && Date.parse(source.due) > Date.now() ? source.due : null
}

// Whether somebody has to look at it.
export function ails(source) {
	return ['bad', 'hot'].includes(health(source)[1])
}
