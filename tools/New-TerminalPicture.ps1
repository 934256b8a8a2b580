#Requires -Version 7.4

<#
.SYNOPSIS
Creates docs/terminal.svg, the terminal picture in the README, from a real run against the sandbox.

.DESCRIPTION
Runs the commands in a new PowerShell process in a terminal of 80 columns, which the Linux program 'script' provides, and draws the output
with its colors and bold text. Build the module first.

.EXAMPLE
./tools/New-TerminalPicture.ps1
#>
[CmdletBinding()]
param(
    # The SVG file to write.
    [string] $Destination = (Join-Path $PSScriptRoot .. docs terminal.svg),

    # The folder of the built module.
    [string] $Module = (Join-Path $PSScriptRoot .. output Chuizi.Video)
)

$ErrorActionPreference = 'Stop'

$columns = 80
$commands = @(
    'Import-Csv prompts.csv | New-ChuiziVideo -MaxCost 2 | Wait-ChuiziVideo | Save-ChuiziVideo videos'
    'Get-ChildItem videos -Name'
)
$list = @'
Prompt,Model,Duration,FileName
"A red kite over a lake, slow aerial shot",google/veo-3.1-fast,6,kite
A paper boat in the gutter,,,boat
A forbidden tower at night,,4,tower
'@

# The raw output of the terminal session, with its escape sequences.
function Get-Recording([string] $Folder) {
    Set-Content "$Folder/prompts.csv" $list
    $session = @(
        "Import-Module '$((Resolve-Path $Module).ProviderPath)'"
        "`$ProgressPreference = 'SilentlyContinue'"
        '$ErrorView = ''ConciseView'''
        '$null = Start-ChuiziVideoSandbox -GenerationTime 0.5'
        foreach ($command in $commands) {
            "[Console]::WriteLine('PS> $($command.Replace("'", "''"))')"
            "Invoke-Expression '$($command.Replace("'", "''"))' | Out-Host"
        }
    )
    Set-Content "$Folder/session.ps1" $session
    $pwsh = [Environment]::ProcessPath
    $program = (Split-Path $pwsh -LeafBase) -eq 'dotnet' ? "'$pwsh' '$PSHOME/pwsh.dll'" : "'$pwsh'"
    Push-Location $Folder
    try {
        $null = '' | script --quiet --command "stty cols $columns rows 50; $program -NoProfile -NoLogo -File session.ps1" recording
    }
    finally {
        Pop-Location
    }

    # Remove the lines that 'script' itself adds.
    @(Get-Content "$Folder/recording") -notmatch '^Script (started|done)' -join "`n"
}

# Splits a recording into lines, and each line into runs of one style: Text, Color, Bold.
function ConvertFrom-Recording([string] $Text) {
    $palette = @{
        30 = '#45475a'; 31 = '#f38ba8'; 32 = '#a6e3a1'; 33 = '#f9e2af'; 34 = '#89b4fa'; 35 = '#f5c2e7'; 36 = '#94e2d5'; 37 = '#bac2de'
    }
    $color = $null
    $bold = $false
    foreach ($line in $Text.Replace("`r", '').Split("`n")) {
        # Remove window titles and all other escape sequences that are not styles.
        $line = $line -replace '\e\][^\a]*\a' -replace '\e\[\?[\d;]*[a-zA-Z]' -replace '\e[=>]' -replace '\e\[[\d;]*[A-HJKSTf]'
        $runs = foreach ($part in [regex]::Split($line, '(\e\[[\d;]*m)') -ne '') {
            if ($part -notmatch '^\e\[(?<codes>[\d;]*)m$') {
                [pscustomobject]@{ Text = $part; Color = $color; Bold = $bold }
                continue
            }

            foreach ($code in ($Matches.codes ? $Matches.codes.Split(';') : '0').ForEach([int])) {
                switch ($code) {
                    0 { $color = $null; $bold = $false }
                    1 { $bold = $true }
                    22 { $bold = $false }
                    39 { $color = $null }
                    { $palette.ContainsKey($_ % 60) } { $color = $palette[$_ % 60] }
                }
            }
        }
        Split-Line @($runs)
    }
}

# Wraps a line after the last column, like a terminal.
function Split-Line([object[]] $Runs) {
    $line = @()
    $room = $columns
    foreach ($run in $Runs) {
        $text = $run.Text
        while ($text.Length -gt $room) {
            , @($line + [pscustomobject]@{ Text = $text.Substring(0, $room); Color = $run.Color; Bold = $run.Bold })
            $text = $text.Substring($room)
            $line = @()
            $room = $columns
        }

        $line += [pscustomobject]@{ Text = $text; Color = $run.Color; Bold = $run.Bold }
        $room -= $text.Length
    }

    , @($line)
}

# Draws a terminal window with one text element per line.
function ConvertTo-Svg([object[]] $Lines) {
    $width = 8.4
    $height = 19
    # SVG viewers collapse ordinary spaces.
    $escape = { [Security.SecurityElement]::Escape($args[0]).Replace(' ', [string] [char] 0xA0) }
    $right = [Math]::Ceiling($columns * $width + 32)
    $bottom = $Lines.Count * $height + 56
    @(
        "<svg xmlns=""http://www.w3.org/2000/svg"" width=""$right"" height=""$bottom"" viewBox=""0 0 $right $bottom"" role=""img"">"
        '<title>A batch of videos in a terminal</title>'
        "<rect width=""$right"" height=""$bottom"" rx=""8"" fill=""#1e1e2e""/>"
        '<g><circle cx="20" cy="18" r="6" fill="#f38ba8"/><circle cx="40" cy="18" r="6" fill="#f9e2af"/><circle cx="60" cy="18" r="6" fill="#a6e3a1"/></g>'
        '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, ''DejaVu Sans Mono'', monospace" font-size="14" fill="#cdd6f4">'
        for ($index = 0; $index -lt $Lines.Count; $index++) {
            $spans = foreach ($run in $Lines[$index]) {
                $style = ($run.Color ? " fill=""$($run.Color)""" : '') + ($run.Bold ? ' font-weight="bold"' : '')
                # The fixed length keeps the columns aligned in any font.
                $length = ([Globalization.StringInfo]$run.Text).LengthInTextElements * $width
                "<tspan$style textLength=""$($length.ToString('0.#', [cultureinfo]::InvariantCulture))"" lengthAdjust=""spacing"">$(& $escape $run.Text)</tspan>"
            }
            if ($spans) {
                "<text x=""16"" y=""$(50 + $index * $height)"">$(-join $spans)</text>"
            }
        }
        '</g>'
        '</svg>'
    ) -join "`n"
}

$folder = [IO.Directory]::CreateTempSubdirectory('chuizi-terminal-').FullName
try {
    $lines = @(ConvertFrom-Recording (Get-Recording $folder).Trim())
    [IO.File]::WriteAllText($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination), "$(ConvertTo-Svg $lines)`n")
}
finally {
    Remove-Item $folder -Recurse -Force
}
