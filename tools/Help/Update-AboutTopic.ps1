<#
.SYNOPSIS
Generates the text file of an about topic from its page. Called by build.ps1.

.DESCRIPTION
Get-Help shows the file unchanged, so the text is wrapped at 78 columns.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Page,

    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/HelpText.ps1"

$indent = '    '
$width = 78 - $indent.Length
$title, $sections = [IO.File]::ReadAllText($Page).Replace("`r", '') -split '(?m)^## '
$lines = @(
    'TOPIC'
    "$indent$($title.Trim('#', ' ', "`n"))"
    foreach ($section in $sections) {
        $heading, $body = $section -split "`n", 2
        ''
        $heading
        $paragraphs = foreach ($paragraph in ConvertTo-HelpText $body $width) {
            # Only the first line of a paragraph may need wrapping. The others are code, or already wrapped.
            $first, $rest = $paragraph -split "`n", 2
            $wrapped = $first.Length -gt $width ? (Format-HelpWrapped $first $width) : $first
            @($wrapped; $rest) -join "`n"
        }
        ($paragraphs.ForEach({ $_.TrimEnd("`n") }) -join "`n`n").Split("`n").ForEach({ $_ ? "$indent$_" : '' })
    }
)

[IO.File]::WriteAllText($Destination, ($lines -join "`n") + "`n")
Write-Host "The topic is in $Destination"
