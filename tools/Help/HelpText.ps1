# Converts the Markdown in docs/en-US to text for Get-Help. Dot-source this file.

# Get-Help indents text by 4 or 8 columns and wraps it to the window, but without hanging indents. Text with a hanging indent is therefore
# wrapped here, for 80 columns.
$helpWidth = 70

# Puts code in quotes only if it could be mistaken for plain text: 'failed' and 'run.jsonl -Force', but not -Timeout or New-ChuiziVideo.
function ConvertTo-HelpInline([string] $Markdown) {
    $text = [regex]::Replace($Markdown, '`([^`]+)`|\[([^\]`]*(?:`[^`]*`)?[^\]`]*)\]\([^)]*\)|\*\*([^*]+)\*\*', {
            param($match)
            if ($match.Groups[1].Success) {
                $code = $match.Groups[1].Value
                $code -match '["'']' -or ($code.Length -gt 1 -and $code -cnotmatch '\s|^[a-z]+$') ? $code : "'$code'"
            }
            elseif ($match.Groups[2].Success) {
                ConvertTo-HelpInline $match.Groups[2].Value
            }
            else {
                $match.Groups[3].Value
            }
        })
    $text
}

# Wraps text. All lines after the first are indented by -Hanging.
function Format-HelpWrapped([string] $Text, [int] $Width = $helpWidth, [string] $First = '', [string] $Hanging = '') {
    $line = $First
    $begun = $false
    $lines = foreach ($word in $Text.Split([char[]] $null, [StringSplitOptions]::RemoveEmptyEntries)) {
        if ($begun -and $line.Length + 1 + $word.Length -gt $Width) {
            $line
            $line = $Hanging
            $begun = $false
        }

        $line += $begun ? " $word" : $word
        $begun = $true
    }

    @($lines; $line) -join "`n"
}

# Formats a table row as a term with its description below it, like the parameters in Get-Help.
function ConvertTo-HelpDefinition([string[]] $Row, [int] $Width) {
    $cells = foreach ($line in $Row) {
        , @($line.Trim().Trim('|').Split('|').Trim())
    }

    $head = $cells[0]
    $typed = $head.Count -gt 2 -and $head[1] -eq 'Type'
    $blocks = foreach ($cell in $cells[2..($cells.Count - 1)]) {
        $term = ConvertTo-HelpInline $cell[0]
        Format-HelpWrapped ($typed ? "$term <$($cell[1])>" : $term) $Width
        for ($column = $typed ? 2 : 1; $column -lt $cell.Count; $column++) {
            $label = $typed -or $column -eq 1 ? '' : "$($head[$column]): "
            Format-HelpWrapped ($label + (ConvertTo-HelpInline $cell[$column])) $Width '    ' '    '
        }
    }

    $blocks -join "`n"
}

# Splits text into paragraphs. Get-Help wraps those with a single line; line breaks in the others are kept.
function ConvertTo-HelpText([string] $Markdown, [int] $Width = $helpWidth) {
    $lines = $Markdown.Replace("`r", '').Split("`n")
    $paragraphs = [Collections.Generic.List[string]]::new()
    for ($index = 0; $index -lt $lines.Count; $index++) {
        $start = $index
        $line = $lines[$index]
        if ($line.StartsWith('```')) {
            while (++$index -lt $lines.Count -and $lines[$index] -ne '```') { }
            $code = ($lines[($start + 1)..($index - 1)].ForEach({ $_ ? "    $_" : '' })) -join "`n"
            # Get-Help trims paragraphs, which would remove the indent of the first line. So code is appended to the paragraph before it.
            if ($paragraphs.Count -gt 0) {
                $paragraphs[$paragraphs.Count - 1] += "`n`n$code"
            }
            else {
                $paragraphs.Add($code)
            }

            continue
        }

        # Consecutive lines of the same kind belong together.
        $kind = switch -Regex ($line) {
            '^\s*$|^<!--' { '^\s*$|^<!--'; break }
            '^\|' { '^\|'; break }
            '^- ' { '^- |^  '; break }
            default { '^(?!\||- |```|\s*$)' }
        }
        while ($index + 1 -lt $lines.Count -and $lines[$index + 1] -match $kind) {
            $index++
        }

        $part = $lines[$start..$index]
        switch ($kind) {
            '^\s*$|^<!--' { }
            '^\|' { $paragraphs.Add((ConvertTo-HelpDefinition $part $Width)) }
            '^- |^  ' {
                $items = ($part -join "`n") -split '(?m)^- ' -ne ''
                $paragraphs.Add(($items.ForEach({ Format-HelpWrapped (ConvertTo-HelpInline $_) $Width '- ' '  ' })) -join "`n")
            }
            default { $paragraphs.Add((ConvertTo-HelpInline ($part.Trim() -join ' '))) }
        }
    }

    $paragraphs
}
