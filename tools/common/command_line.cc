#include "common/command_line.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/edit_distance.h"
#include "common/exit_status.h"
#include "common/terminal.h"
#include "diag/version.h"

namespace diag::tools {

struct CommandLine::Data {
  std::string tool;                // as it is called: "sigcheck", also for its commands
  std::unique_ptr<CLI::App> root;  // of the tool; null: a command, which the tool owns
  CLI::App* app = nullptr;
  std::vector<std::unique_ptr<CommandLine>> commands;
};

namespace {

constexpr std::size_t help_column = 26;

void dress(CLI::App& app, const std::string& examples) {
  app.get_formatter()->column_width(help_column);
  app.set_help_flag("-h,--help", "Print this and exit");
  if (!examples.empty()) app.footer(examples);
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& words) {
  const std::vector<std::string_view> candidates(words.begin(), words.end());
  const auto nearest = nearest_word(word, candidates);
  return nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
}

const CLI::App& innermost(const CLI::App& app) {
  const auto given = app.get_subcommands();
  return given.empty() ? app : innermost(*given.front());
}

// One sentence on what is wrong with the command line.
std::string mistake(const CLI::App& root, const CLI::ParseError& error) {
  const CLI::App& app = innermost(root);
  for (const auto& word : root.remaining(true)) {
    const auto name = word.substr(0, word.find('='));
    if (name.starts_with("-")) return fmt::format("unknown option '{}'{}", name, did_you_mean(name, option_names(app)));
    std::vector<std::string> commands;
    for (const CLI::App* command : root.get_subcommands({})) commands.push_back(command->get_name());
    return fmt::format("unexpected '{}'{}", word, did_you_mean(word, commands));
  }
  return error.what();
}

}  // namespace

CommandLine::CommandLine(std::string tool, const std::string& description, const std::string& examples)
    : data_(std::make_unique<Data>()) {
  data_->root = std::make_unique<CLI::App>(description, tool);
  data_->app = data_->root.get();
  data_->tool = std::move(tool);
  dress(*data_->app, examples);
  data_->app->set_version_flag("--version", fmt::format("{} {}", data_->tool, version()), "Print the version and exit");
}

CommandLine::CommandLine(std::unique_ptr<Data> data) : data_(std::move(data)) {}
CommandLine::~CommandLine() = default;

void CommandLine::flag(const std::string& names, bool& value, const std::string& help) {
  data_->app->add_flag(names, value, help);
}

void CommandLine::word(const std::string& names, std::string& value, const std::string& type, const std::string& help,
                       std::vector<std::string> choices) {
  CLI::Option* option = data_->app->add_option(names, value, help)->type_name(type)->take_last();
  if (choices.empty()) return;
  option->check(CLI::Validator(
      [choices = std::move(choices)](const std::string& given) {
        if (std::ranges::find(choices, given) != choices.end()) return std::string();
        return fmt::format("'{}' is none of {}{}", given, fmt::join(choices, ", "), did_you_mean(given, choices));
      },
      ""));
}

void CommandLine::list(const std::string& names, std::vector<std::string>& values, const std::string& type,
                       const std::string& help) {
  data_->app->add_option(names, values, help)->type_name(type)->allow_extra_args(false);
}

void CommandLine::arguments(const std::string& name, std::vector<std::string>& values, const std::string& help) {
  data_->app->add_option(name, values, help)->type_name("");
}

CommandLine& CommandLine::command(const std::string& name, const std::string& description,
                                  const std::string& examples) {
  data_->app->require_subcommand(1);
  auto data = std::make_unique<Data>();
  data->tool = data_->tool;
  data->app = data_->app->add_subcommand(name, description);
  dress(*data->app, examples);
  data_->commands.push_back(std::unique_ptr<CommandLine>(new CommandLine(std::move(data))));
  return *data_->commands.back();
}

bool CommandLine::chosen() const { return data_->app->parsed(); }

std::optional<int> CommandLine::parse(int argc, const char* const* argv) {
  CLI::App& app = *data_->app;
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    return write_out(innermost(app).help()) ? nothing_found : unreadable_input;
  } catch (const CLI::CallForAllHelp&) {
    return write_out(app.help("", CLI::AppFormatMode::All)) ? nothing_found : unreadable_input;
  } catch (const CLI::CallForVersion& version) {
    return write_out(std::string(version.what()) + '\n') ? nothing_found : unreadable_input;
  } catch (const CLI::ParseError& error) {
    complain(data_->tool, fmt::format("{} (see {} --help)", mistake(app, error), data_->tool));
    return wrong_usage;
  }
}

}  // namespace diag::tools
