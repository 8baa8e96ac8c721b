// Finds which of many literals occur in a text, in one pass over its bytes (Aho-Corasick, stored as a transition
// table).
//
//   LiteralSet headers;
//   const auto oops = headers.add("Oops: ");                                // ids count from 0
//   const auto bug = headers.add("kernel bug at", LiteralSet::Case::ignored);
//   headers.build();                                                        // once, after the last add()
//
//   if (headers.any(line)) ...                                              // the fast question: stops at the first
//   one headers.each(line, [&](std::uint32_t id, std::size_t end) {             // every occurrence, by its end in the
//   line
//     return id != bug;                                                     // false: stop
//   });
//   headers.ids(line, found);                                               // the ids alone, ascending, each once
//
// Several literals may be equal: each keeps its id. An empty literal is never found. Once built it may be used from
// several threads. The table takes about (sum of the lengths) * (different bytes used) * 4 bytes: 1,000 literals of 7
// bytes, 1.5 MB. So give short literals, and confirm a hit with the real test.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace diag {

class LiteralSet {
 public:
  enum class Case { exact, ignored };  // ignored: ASCII letters only

  // Before build() only. Gives the id of this literal.
  std::uint32_t add(std::string_view literal, Case letters = Case::exact);
  void build();

  std::size_t size() const { return literals_.size(); }
  const std::string& literal(std::uint32_t id) const { return literals_[id].text; }

  bool any(std::string_view text) const;

  // Calls visit(id, end) for each occurrence, by ascending end, until it says false.
  template <class Visit>
  void each(std::string_view text, Visit visit) const {
    if (hits_.empty()) return;
    std::uint32_t state = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      state = next_[state + class_of_[static_cast<unsigned char>(text[i])]];
      if (state < first_hit_) continue;
      for (std::uint32_t at = hit_of(state); at != none; at = hits_[at].more) {
        if (stands(hits_[at].id, text, i + 1) && !visit(hits_[at].id, i + 1)) return;
      }
    }
  }

  // Replaces `found` by the ids that occur, ascending, each once.
  void ids(std::string_view text, std::vector<std::uint32_t>& found) const;

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Literal {
    std::string text;
    Case letters;
  };
  struct Hit {
    std::uint32_t id;
    std::uint32_t more;  // the next hit at the same place; `none`: no more
  };
  struct Trie;

  void choose_classes();
  void lay_out(const Trie& trie);
  std::uint32_t hit_of(std::uint32_t state) const { return hit_of_[(state - first_hit_) / width_]; }
  // The table ignores case for all literals as soon as one does; the exact ones are looked at again.
  bool stands(std::uint32_t id, std::string_view text, std::size_t end) const {
    const Literal& l = literals_[id];
    return !folded_ || l.letters == Case::ignored || text.substr(end - l.text.size(), l.text.size()) == l.text;
  }

  std::vector<Literal> literals_;
  bool folded_ = false;
  std::array<std::uint8_t, 256> class_of_{};  // of a byte; 0: in no literal
  std::uint32_t width_ = 1;                   // number of classes: the length of a row
  std::vector<std::uint32_t> next_;           // rows of transitions; a state is the offset of its row
  std::uint32_t first_hit_ = none;            // states from here on end a literal
  std::vector<std::uint32_t> hit_of_;         // by (state - first_hit_) / width_: index into hits_
  std::vector<Hit> hits_;
};

}  // namespace diag
