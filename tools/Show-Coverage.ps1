#Requires -Version 7.4

<#
.SYNOPSIS
Shows the test coverage of a run as a Markdown table.

.DESCRIPTION
Reads the Cobertura reports that 'dotnet test --collect "XPlat Code Coverage"' writes to a folder, and returns one row for each assembly
and a total. A line in several reports counts once, and is covered if any of them covers it.

.PARAMETER Path
The folder with the reports. Subfolders are included.

.EXAMPLE
dotnet test tests/Client.Tests --configuration Debug --collect 'XPlat Code Coverage' --results-directory out/coverage
./tools/Show-Coverage.ps1 -Path out/coverage
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)]
    [string] $Path
)

$ErrorActionPreference = 'Stop'

$reports = @(Get-ChildItem -LiteralPath $Path -Filter 'coverage.cobertura.xml' -File -Recurse)
if ($reports.Count -eq 0) {
    throw "No coverage report found below '$Path'."
}

# Maps each assembly to its lines ('file:line') and whether they are covered.
$assemblies = @{}
foreach ($report in $reports) {
    $document = [xml] (Get-Content -LiteralPath $report.FullName -Raw)
    foreach ($package in $document.SelectNodes('/coverage/packages/package')) {
        $lines = $assemblies[$package.name] ??= @{}
        foreach ($class in $package.SelectNodes('classes/class')) {
            foreach ($line in $class.SelectNodes('lines/line')) {
                $key = "$($class.filename):$($line.number)"
                $lines[$key] = $lines[$key] -or [int] $line.hits -gt 0
            }
        }
    }
}

function Format-Row([string] $Name, [bool[]] $Line) {
    $covered = $Line.Where({ $_ }).Count
    $rate = $Line.Count -gt 0 ? $covered / $Line.Count : 1
    [string]::Format([cultureinfo]::InvariantCulture, '| {0} | {1:0.0%} | {2} of {3} |', $Name, $rate, $covered, $Line.Count)
}

'| Assembly | Line coverage | Lines |'
'| --- | ---: | ---: |'
foreach ($name in $assemblies.Keys | Sort-Object) {
    Format-Row $name $assemblies[$name].Values
}

Format-Row '**Total**' $assemblies.Values.Values
