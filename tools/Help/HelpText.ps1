# Turns the markdown of docs/en-US into text that reads well where Get-Help shows it. Dot-sourced.

# Get-Help indents by 4 or 8 and wraps paragraphs to the window, but keeps no hanging indent. So what has one is wrapped here, for 80 columns.
$helpWidth = 70

# Code keeps a mark only where it would be lost among the words: 'failed', 'run.jsonl -Force', but -Timeout and New-ChuiziVideo.
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

# One text with line breaks; the second line and those after it are indented by -Hanging.
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

# A row is a term with its explanation below it: the way Get-Help shows parameters.
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

# The paragraphs of a text: one line where the window shall wrap it, several where the breaks are part of it.
function ConvertTo-HelpText([string] $Markdown, [int] $Width = $helpWidth) {
    $lines = $Markdown.Replace("`r", '').Split("`n")
    $paragraphs = [Collections.Generic.List[string]]::new()
    for ($index = 0; $index -lt $lines.Count; $index++) {
        $start = $index
        $line = $lines[$index]
        if ($line.StartsWith('```')) {
            while (++$index -lt $lines.Count -and $lines[$index] -ne '```') { }
            $code = ($lines[($start + 1)..($index - 1)].ForEach({ $_ ? "    $_" : '' })) -join "`n"
            # Get-Help trims a paragraph, and with it the indent of its first line: code belongs to the paragraph before it.
            if ($paragraphs.Count -gt 0) {
                $paragraphs[$paragraphs.Count - 1] += "`n`n$code"
            }
            else {
                $paragraphs.Add($code)
            }

            continue
        }

        # What begins alike belongs together.
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
