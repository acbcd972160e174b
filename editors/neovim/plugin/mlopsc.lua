if vim.lsp.enable then
  vim.lsp.enable("mlopsc")
  return
end

-- Before 0.11 a server is started for each buffer; those of one project share it.
if vim.lsp.start then
  vim.api.nvim_create_autocmd("FileType", {
    pattern = "mlops",
    callback = function(event)
      local file = vim.api.nvim_buf_get_name(event.buf)
      local marker = vim.fs.find("mlopsc.toml", { upward = true, path = vim.fs.dirname(file) })[1]
      local root = vim.fs.dirname(marker or file)
      vim.lsp.start({ name = "mlopsc", cmd = { "mlopsc", "lsp" }, root_dir = root })
    end,
  })
  return
end

-- 0.7 knows clients only.
local clients = {}
vim.api.nvim_create_autocmd("FileType", {
  pattern = "mlops",
  callback = function(event)
    local marker = vim.fn.findfile("mlopsc.toml", vim.fn.fnamemodify(event.file, ":p:h") .. ";")
    local root = vim.fn.fnamemodify(marker ~= "" and marker or event.file, ":p:h")
    if not clients[root] or vim.lsp.client_is_stopped(clients[root]) then
      clients[root] = vim.lsp.start_client({
        name = "mlopsc",
        cmd = { "mlopsc", "lsp" },
        root_dir = root,
        on_exit = function()
          clients[root] = nil
        end,
      })
    end
    if clients[root] then
      vim.lsp.buf_attach_client(event.buf, clients[root])
    end
  end,
})
