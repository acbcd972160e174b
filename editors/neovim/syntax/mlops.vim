if exists("b:current_syntax")
  finish
endif

" Shapes only: what the words mean comes from the language server.
syntax match mlopsHead /\%(^\|[{,]\)\s*\zs\h\w*\ze\%(\s\+[^= \t]\|\s*$\|\s*\[\)/
syntax match mlopsKey /\<\h\w*\ze\s*=[^=]/
syntax match mlopsKey /\<\h\w*\ze\s*=$/
syntax keyword mlopsControl if else then for in template use let option as from
syntax keyword mlopsConstant true false
syntax match mlopsNumber /\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?\h*%\?/
syntax match mlopsType /:\s*\zs\[\?\h\w*\]\?/
syntax region mlopsText start=/"/ skip=/\\./ end=/"/ oneline contains=mlopsSplice
syntax region mlopsText start=/"\z("\{2,}\)\s*$/ end=/^\s*"\z1\s*$/ contains=mlopsSplice
syntax match mlopsSplice /\${{[^}]*}}\|\${[^}]*}\|\$(\h[A-Za-z0-9_.]*)/ contained
syntax match mlopsComment +//.*$+
syntax match mlopsDoc +///.*$+

highlight default link mlopsHead Statement
highlight default link mlopsKey Identifier
highlight default link mlopsControl Keyword
highlight default link mlopsConstant Constant
highlight default link mlopsNumber Number
highlight default link mlopsType Type
highlight default link mlopsText String
highlight default link mlopsSplice Special
highlight default link mlopsComment Comment
highlight default link mlopsDoc SpecialComment

let b:current_syntax = "mlops"
