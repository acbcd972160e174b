return {
  cmd = { "mlopsc", "lsp" },
  filetypes = { "mlops" },
  root_markers = { "mlopsc.toml", ".git" },
}
