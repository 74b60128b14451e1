'use strict';

const HISTORY = 180;
const form = document.getElementById('provider');
const report = document.getElementById('report');
const stop = document.getElementById('stop');
const history = [];
const words = {
	OPENAI: 'OpenAI', AZURE_OPENAI: 'Azure OpenAI', ANTHROPIC: 'Anthropic',
	ROLLING: 'rolling window', FIXED: 'fixed windows', BUCKET: 'refilling bucket', SLICES: 'slices of a sixth',
	ROLLING_REFUSALS_COUNT: 'rolling, 429s count',
	ESTIMATE: 'the estimate', SETTLED: 'estimate, then settled', ACTUAL: 'real tokens',
	USUAL: 'as usual', SECONDS: 'seconds', MILLIS: 'milliseconds', DATE: 'a date', ZERO: '1 s and 0 ms', NONE: 'none',
	MISSING: 'nothing', DOUBLED: 'twice the limit', CONFIGURED: 'the configured limit', NEGATIVE: '-1',
	GARBAGE: 'no numbers'
};
let running;
let editing = 0;
let filled = false;

function word(name, value) {
	return (name === 'headers' && value === 'NONE') ? 'the truth' : words[value];
}

function format(number) {
	return number.toLocaleString('en');
}

async function ask(change) {
	const response = await fetch('/demo/provider', change && {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify(change)
	});
	if (!response.ok) {
		const problem = await response.json().catch(() => ({}));
		throw new Error(problem.detail || `The sample answered ${response.status}`);
	}
	return response.json();
}

function fill(state) {
	if (!filled) {
		for (const [name, values] of Object.entries(state.choices)) {
			form.elements[name].replaceChildren(...values.map((value) => new Option(word(name, value), value)));
		}
		filled = true;
	}
	for (const [name, value] of Object.entries({ ...state.behaviour, booking: state.booking })) {
		const field = form.elements[name];
		if (field.type === 'checkbox') {
			field.checked = value;
		}
		else {
			field.value = value;
		}
	}
	showParts();
}

function showParts() {
	for (const output of form.querySelectorAll('output')) {
		output.value = `${Math.round(100 * form.elements[output.htmlFor].value)} %`;
	}
}

function show(state) {
	const stats = state.stats.models[state.model];
	const refused = stats.refusedByRequests + stats.refusedByTokens + stats.refusedAsTooLarge;
	const before = history.length ? history[history.length - 1].refused : refused;
	history.push({ tokens: stats.tokensInWindow, limit: stats.tokenLimit, refused, newRefused: refused - before });
	if (history.length > HISTORY) {
		history.shift();
	}
	const seconds = state.windowSeconds === 60 ? 'minute' : `${state.windowSeconds} s`;
	document.getElementById('summary').textContent = `${state.model} at the built-in provider: `
		+ `${format(stats.requestLimit)} requests and ${format(stats.tokenLimit)} tokens per ${seconds}`;
	numbers([
		['In the window', `${Math.round(100 * stats.tokensInWindow / stats.tokenLimit)} %`],
		['Calls admitted', format(stats.admitted)],
		['429s', format(refused), refused > 0],
		['429s per 1,000', stats.calls ? (1000 * refused / stats.calls).toFixed(1) : '0', refused > 0],
		['Too busy', format(state.stats.overloaded), state.stats.overloaded > 0],
		['No money', format(state.stats.unpaid), state.stats.unpaid > 0],
		['Limiter', state.limiter.state.toLowerCase().replaceAll('_', ' ')],
		['Waiting H / N / B', `${state.limiter.queued.HIGH} / ${state.limiter.queued.NORMAL} / ${state.limiter.queued.BATCH}`]
	]);
	draw();
	if (!editing) {
		fill(state);
	}
}

function numbers(list) {
	document.getElementById('numbers').replaceChildren(...list.map(([name, value, bad]) => {
		const box = document.createElement('div');
		const term = document.createElement('dt');
		const text = document.createElement('dd');
		term.textContent = name;
		text.textContent = value;
		text.className = bad ? 'bad' : '';
		box.append(term, text);
		return box;
	}));
}

function draw() {
	const most = 1.15 * Math.max(...history.map((point) => Math.max(point.tokens, point.limit)));
	const x = (index) => 600 * (index + HISTORY - history.length) / (HISTORY - 1);
	const y = (value) => 200 - 200 * value / most;
	const line = (name) => history.map((point, index) => `${x(index).toFixed(1)},${y(point[name]).toFixed(1)}`).join(' ');
	const shapes = [
		shape('polygon', { class: 'area', points: `${x(0)},200 ${line('tokens')} 600,200` }),
		shape('polyline', { class: 'limit-line', fill: 'none', points: `0,${y(history[0].limit)} ${line('limit')}` })
	];
	history.forEach((point, index) => {
		if (point.newRefused > 0) {
			shapes.push(shape('line', { class: 'refusal', x1: x(index), x2: x(index), y1: 0, y2: 12 }));
		}
	});
	document.getElementById('chart').replaceChildren(...shapes);
}

function shape(name, attributes) {
	const element = document.createElementNS('http://www.w3.org/2000/svg', name);
	for (const [key, value] of Object.entries(attributes)) {
		element.setAttribute(key, value);
	}
	return element;
}

async function look() {
	try {
		show(await ask());
	}
	catch (error) {
		document.getElementById('summary').textContent = error.message;
	}
	setTimeout(look, 1000);
}

async function load(limiter) {
	running = new AbortController();
	setRunning(true);
	let text = '';
	const write = (more) => {
		text += more;
		report.textContent = shortened(text);
	};
	try {
		const response = await fetch(`/demo/load?users=50&seconds=120&limiter=${limiter}`, { signal: running.signal });
		const parts = response.body.pipeThrough(new TextDecoderStream()).getReader();
		for (let part = await parts.read(); !part.done; part = await parts.read()) {
			write(part.value);
		}
	}
	catch (error) {
		write(error.name === 'AbortError' ? 'Stopped.' : error.message);
	}
	setRunning(false);
}

// What the load is, the names of the columns, and the newest lines
function shortened(text) {
	const lines = text.trimEnd().split('\n');
	const names = lines.findIndex((line) => line.startsWith('  time')) + 1;
	return [...lines.slice(0, names), ...lines.slice(names).slice(-12)].join('\n');
}

function setRunning(on) {
	stop.disabled = !on;
	document.querySelectorAll('button[data-limiter]').forEach((button) => {
		button.disabled = on;
	});
}

document.querySelectorAll('button[data-limiter]').forEach((button) =>
	button.addEventListener('click', () => load(button.dataset.limiter)));
stop.addEventListener('click', () => running.abort());
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', showParts);
form.addEventListener('change', async (event) => {
	const field = event.target;
	const value = field.type === 'checkbox' ? field.checked : field.type === 'range' ? Number(field.value) : field.value;
	const error = document.getElementById('error');
	editing++;
	try {
		const state = await ask({ [field.name]: value });
		error.textContent = '';
		fill(state);
	}
	catch (problem) {
		error.textContent = problem.message;
	}
	editing--;
});
look();
