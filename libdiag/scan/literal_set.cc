#include "scan/literal_set.h"

#include <algorithm>
#include <utility>

namespace diag {

namespace {
constexpr unsigned char fold(unsigned char c) { return c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c + 32) : c; }
}  // namespace

// The automaton before it is laid out: node 0 is the root, nodes are numbered in the order of their making.
struct LiteralSet::Trie {
  std::uint32_t width;
  std::vector<std::uint32_t> next;   // node * width + class -> node; none: no edge
  std::vector<std::uint32_t> hit;    // first hit of a node
  std::vector<std::uint32_t> order;  // breadth first, without the root

  explicit Trie(std::uint32_t classes) : width(classes) { node(); }

  std::uint32_t node() {
    next.insert(next.end(), width, none);
    hit.push_back(none);
    return static_cast<std::uint32_t>(hit.size() - 1);
  }

  std::uint32_t extend(std::uint32_t from, std::uint8_t byte_class) {
    const std::size_t edge = std::size_t{from} * width + byte_class;
    if (next[edge] == none) {
      const std::uint32_t made = node();
      next[edge] = made;
    }
    return next[edge];
  }

  // Fills every missing edge with where the longest proper suffix would go, and joins the hits of suffixes.
  void complete(std::vector<Hit>& hits) {
    std::vector<std::uint32_t> fail(hit.size(), 0);
    for (std::uint32_t c = 0; c < width; ++c) {
      if (next[c] == none) {
        next[c] = 0;
      } else {
        order.push_back(next[c]);
      }
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::uint32_t at = order[i];
      append(hits, hit[at], hit[fail[at]]);
      for (std::uint32_t c = 0; c < width; ++c) {
        std::uint32_t& edge = next[std::size_t{at} * width + c];
        const std::uint32_t otherwise = next[std::size_t{fail[at]} * width + c];
        if (edge == none) {
          edge = otherwise;
        } else {
          fail[edge] = otherwise;
          order.push_back(edge);
        }
      }
    }
  }

  static void append(std::vector<Hit>& hits, std::uint32_t& chain, std::uint32_t suffix) {
    if (chain == none) {
      chain = suffix;
      return;
    }
    std::uint32_t last = chain;
    while (hits[last].more != none) last = hits[last].more;
    hits[last].more = suffix;
  }
};

std::uint32_t LiteralSet::add(std::string_view literal, Case letters) {
  literals_.push_back({std::string(literal), letters});
  return static_cast<std::uint32_t>(literals_.size() - 1);
}

void LiteralSet::choose_classes() {
  folded_ = std::ranges::any_of(literals_, [](const Literal& l) { return l.letters == Case::ignored; });
  std::array<bool, 256> used{};
  for (const Literal& l : literals_) {
    for (const char c : l.text)
      used[folded_ ? fold(static_cast<unsigned char>(c)) : static_cast<unsigned char>(c)] = true;
  }
  // Where all 256 bytes are in use, none is left for class 0, and the last of them takes it.
  width_ = 1;
  for (unsigned b = 0; b < 256; ++b) {
    if (used[b]) class_of_[b] = static_cast<std::uint8_t>(width_ == 256 ? 0 : width_++);
  }
  if (!folded_) return;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) class_of_[c] = class_of_[fold(c)];
}

void LiteralSet::build() {
  choose_classes();
  Trie trie(width_);
  for (std::uint32_t id = 0; id < literals_.size(); ++id) {
    if (literals_[id].text.empty()) continue;
    std::uint32_t at = 0;
    for (const char c : literals_[id].text) at = trie.extend(at, class_of_[static_cast<unsigned char>(c)]);
    hits_.push_back({id, trie.hit[at]});
    trie.hit[at] = static_cast<std::uint32_t>(hits_.size() - 1);
  }
  trie.complete(hits_);
  lay_out(trie);
}

// States that end a literal come last, so that one comparison tells them apart.
void LiteralSet::lay_out(const Trie& trie) {
  std::vector<std::uint32_t> row(trie.hit.size(), 0);
  std::uint32_t rows = 1;
  for (const std::uint32_t node : trie.order) {
    if (trie.hit[node] == none) row[node] = width_ * rows++;
  }
  first_hit_ = width_ * rows;
  for (const std::uint32_t node : trie.order) {
    if (trie.hit[node] == none) continue;
    row[node] = width_ * rows++;
    hit_of_.push_back(trie.hit[node]);
  }
  next_.resize(std::size_t{rows} * width_);
  for (std::size_t node = 0; node < trie.hit.size(); ++node) {
    for (std::uint32_t c = 0; c < width_; ++c) next_[row[node] + c] = row[trie.next[node * width_ + c]];
  }
}

bool LiteralSet::any(std::string_view text) const {
  bool found = false;
  each(text, [&](std::uint32_t, std::size_t) {
    found = true;
    return false;
  });
  return found;
}

void LiteralSet::ids(std::string_view text, std::vector<std::uint32_t>& found) const {
  found.clear();
  each(text, [&](std::uint32_t id, std::size_t) {
    found.push_back(id);
    return true;
  });
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
}

}  // namespace diag
