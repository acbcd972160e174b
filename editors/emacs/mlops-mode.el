;;; mlops-mode.el --- Descriptions of machine-learning delivery systems  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "26.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, comments and indentation for `.mlops' files, and `mlopsc lsp' for eglot.

;;; Code:

(defgroup mlops nil
  "Descriptions of machine-learning delivery systems."
  :group 'languages)

(defcustom mlops-program "mlopsc"
  "The program `mlopsc', by its name or path."
  :type 'string
  :risky t)

(defcustom mlops-indent-offset 2
  "Columns of one level."
  :type 'integer
  :safe #'integerp)

(defvar mlops-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "w" table)
    table))

(defconst mlops--font-lock
  `(("\\_<\\(if\\|else\\|then\\|for\\|in\\|template\\|use\\|let\\|option\\|as\\|from\\)\\_>" . font-lock-keyword-face)
    ("\\_<\\(true\\|false\\)\\_>" . font-lock-constant-face)
    ("\\_<\\([A-Za-z_][A-Za-z0-9_]*\\)[ \t]*=\\(?:[^=]\\|$\\)" 1 font-lock-variable-name-face)
    ("\\(?:^\\|[{,]\\)[ \t]*\\([A-Za-z_][A-Za-z0-9_]*\\)\\(?:[ \t]+[^= \t\n]\\|[ \t]*$\\|\\[\\)" 1 font-lock-keyword-face)
    (":[ \t]*\\[?\\([A-Za-z_][A-Za-z0-9_]*\\)" 1 font-lock-type-face)
    ("\\${{[^}\n]*}}\\|\\${[^}\n]*}\\|\\$([A-Za-z_][A-Za-z0-9_.]*)" 0 font-lock-preprocessor-face prepend)))

(defun mlops--indentation ()
  "The column of the current line: that of the brackets around it."
  (save-excursion
    (beginning-of-line)
    (let ((depth (car (syntax-ppss))))
      (skip-chars-forward " \t")
      (skip-chars-forward "])}")
      (let ((closed (- depth (car (syntax-ppss)))))
        (* mlops-indent-offset (- depth (max closed 0)))))))

(defun mlops-indent-line ()
  "Indents the current line; lines of a text in quotes stay."
  (interactive)
  (unless (nth 3 (save-excursion (syntax-ppss (line-beginning-position))))
    (let ((from-end (- (point-max) (point))))
      (indent-line-to (mlops--indentation))
      (when (> (- (point-max) from-end) (point))
        (goto-char (- (point-max) from-end))))))

;;;###autoload
(define-derived-mode mlops-mode prog-mode "mlops"
  "Descriptions of machine-learning delivery systems."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "//+[ \t]*")
  (setq-local indent-tabs-mode nil)
  (setq-local indent-line-function #'mlops-indent-line)
  (setq-local font-lock-defaults '(mlops--font-lock)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.mlops\\'" . mlops-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '(mlops-mode . (lambda (&rest _) (list mlops-program "lsp")))))

(provide 'mlops-mode)
;;; mlops-mode.el ends here
