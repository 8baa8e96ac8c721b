// The options of a tool. The only file that knows the command-line library.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace diag::tools {

class CommandLine {
 public:
  // `examples` stands at the end of --help, as it is.
  CommandLine(std::string tool, const std::string& description, const std::string& examples);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // The variables must outlive parse(); what is not given keeps its value. `names`: "--all" or "-a,--all".
  void flag(const std::string& names, bool& value, const std::string& help);
  // `type` names the value in --help: "DIR". With `choices`, one of these words.
  void word(const std::string& names, std::string& value, const std::string& type, const std::string& help,
            std::vector<std::string> choices = {});
  void list(const std::string& names, std::vector<std::string>& values, const std::string& type,
            const std::string& help);  // may be given several times
  void arguments(const std::string& name, std::vector<std::string>& values, const std::string& help);

  // A word after the tool's name, with options of its own: "sigcheck lint". One of them must then be given.
  CommandLine& command(const std::string& name, const std::string& description, const std::string& examples = "");
  bool chosen() const;  // this command was given

  // The exit status, if the program ends here: --help and --version were answered, or the usage was wrong (2), which
  // was said on standard error with the likely right word.
  std::optional<int> parse(int argc, const char* const* argv);

 private:
  struct Data;
  explicit CommandLine(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

}  // namespace diag::tools
