// The search of the site, in place of mkdocs' own worker: the words that lawyers use weigh more than a text,
// and pages that tell of the language more than lists of it. See `on_post_build` in scripts/site.py for `words` and `boost`.
var base_path = 'function' === typeof importScripts ? '.' : '/search/';
var documents = {};
var index;

function build(data) {
  lunr.tokenizer.separator = new RegExp(data.config.separator);
  index = lunr(function () {
    this.field('title');
    this.field('words', { boost: 8 });
    this.field('text');
    this.ref('location');
    for (var doc of data.docs) {
      this.add(doc, { boost: doc.boost });
      documents[doc.location] = doc;
    }
  });
}

// A question is searched for by its words: its marks mean something else to lunr.
function search(query) {
  var words = query.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return index.search(words).map(function (result) {
    var doc = documents[result.ref];
    doc.summary = doc.text.substring(0, 200);
    return doc;
  });
}

if ('function' === typeof importScripts) {
  importScripts('lunr.js');
  onmessage = function (message) {
    if (message.data.init) {
      fetch('search_index.json').then(function (answer) { return answer.json(); }).then(function (data) {
        build(data);
        postMessage({ config: data.config });
        postMessage({ allowSearch: true });
      });
    } else if (message.data.query) {
      postMessage({ results: search(message.data.query) });
    }
  };
} else if ('object' === typeof module) {
  module.exports = function (lunr_, data) { lunr = lunr_; build(data); return search; };
}
