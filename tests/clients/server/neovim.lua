-- Neovim with the plugin of this repository. A script that fails must not leave a headless editor waiting.
local function wait(what, look)
  if not vim.wait(10000, look, 20) then
    error(what .. ": not in time: " .. vim.inspect(vim.diagnostic.get(0)))
  end
end

local function ask(method, params)
  local answers = assert(vim.lsp.buf_request_sync(0, method, params, 10000), method .. ": no answer")
  for _, answer in pairs(answers) do
    assert(answer.result and not answer.error, method .. ": " .. vim.inspect(answer))
    return answer.result
  end
end

local function run()
  vim.cmd("edit pipelines/train.mlops")
  assert(vim.bo.filetype == "mlops", "the plugin does not know the file")
  local line = vim.fn.search("ensure train_cpu")
  vim.api.nvim_buf_set_lines(0, line - 1, line, false, { "    ensure train_cps" })
  wait("the finding", function()
    return #vim.diagnostic.get(0) == 1
  end)
  local finding = vim.diagnostic.get(0)[1]
  assert(finding.source == "mlopsc" and finding.lnum == line - 1 and finding.col == 11, vim.inspect(finding))
  local code = finding.code or finding.user_data.lsp.code
  assert(code == "undefined-reference", vim.inspect(finding))

  vim.fn.cursor(line, 13)
  local actions = vim.lsp.util.make_range_params()
  actions.context = { diagnostics = { finding.user_data and finding.user_data.lsp.range and finding.user_data.lsp or nil } }
  local fix
  for _, action in ipairs(ask("textDocument/codeAction", actions)) do
    fix = fix or (action.title:find("train_cpu", 1, true) and action.edit)
  end
  assert(fix, "there is no fix")
  vim.lsp.util.apply_workspace_edit(fix, "utf-16")
  assert(vim.fn.getline(line) == "    ensure train_cpu", vim.fn.getline(line))
  wait("no finding", function()
    return #vim.diagnostic.get(0) == 0
  end)

  local hover = ask("textDocument/hover", vim.lsp.util.make_position_params())
  assert(vim.inspect(hover):find("Of its own", 1, true), vim.inspect(hover))
  local rename = vim.lsp.util.make_position_params()
  rename.newName = "trainers"
  vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", rename), "utf-16")
  assert(vim.fn.getline(line) == "    ensure trainers", vim.fn.getline(line))
  vim.cmd("wall")
  vim.cmd("edit ml.mlops")
  assert(vim.fn.search("^compute trainers ") > 0, "the declaration was not renamed")
  print("neovim: as it should be")
end

local ok, failure = pcall(run)
if not ok then
  io.stderr:write("neovim: " .. tostring(failure) .. "\n")
end
vim.cmd(ok and "qall!" or "cquit!")
