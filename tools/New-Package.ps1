<#
.SYNOPSIS
Makes the package of the built module: its folder, and the .nupkg in the layout of the PowerShell Gallery. Called by build.ps1.

.DESCRIPTION
What was built and tested is packed, not built again. The manifest gets the release notes of its version from CHANGELOG.md, or the unreleased ones. The same module at the same commit gives the same package, byte for byte.
#>
[CmdletBinding()]
param(
    # The folder of the built module.
    [Parameter(Mandatory)]
    [string] $Module,

    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
$root = Split-Path $PSScriptRoot
$name = 'Chuizi.Video'
$Destination = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
$folder = Join-Path $Destination $name

# The text below the heading of the version, or below Unreleased.
function Get-ReleaseNote([string] $Version) {
    $sections = (Get-Content (Join-Path $root CHANGELOG.md) -Raw).ReplaceLineEndings("`n") -split '(?m)^## '
    foreach ($heading in "[$Version]", '[Unreleased]') {
        $section = $sections | Where-Object { $_.StartsWith($heading) } | Select-Object -First 1
        if ($section) {
            return ($section -split "`n", 2)[1].Trim()
        }
    }

    throw "CHANGELOG.md has no section for $Version."
}

# The time of the commit in seconds since 1970, which all entries of the package get. Empty outside a clone.
function Get-CommitTime {
    if ($env:SOURCE_DATE_EPOCH) {
        return $env:SOURCE_DATE_EPOCH
    }

    if (Get-Command git -CommandType Application -TotalCount 1 -ErrorAction Ignore) {
        & git -C $root log -1 --format=%ct 2>$null
    }
}

Get-ChildItem $Destination -Filter "$name*" -ErrorAction Ignore | Remove-Item -Recurse -Force
$null = New-Item $Destination -ItemType Directory -Force
# Without symbols, which only those who build the module need.
Copy-Item $Module $folder -Recurse -Exclude *.pdb

$path = Join-Path $folder "$name.psd1"
$manifest = Import-PowerShellDataFile $path
$notes = Get-ReleaseNote $manifest.ModuleVersion
$line = [regex] "(?m)^(\s*ReleaseNotes\s*=\s*)'[^']*'"
$text = Get-Content $path -Raw
if ($line.Matches($text).Count -ne 1) {
    throw 'The manifest must have its ReleaseNotes in one line.'
}

$quoted = [Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($notes)
$line.Replace($text, { param($match) "$($match.Groups[1])'$quoted'" }) | Set-Content $path -NoNewline
$null = Test-ModuleManifest $path -WarningVariable warnings -WarningAction SilentlyContinue
if ($warnings) {
    throw "Test-ModuleManifest: $($warnings -join '; ')"
}

# The tags by which the Gallery finds modules and their commands.
$facts = $manifest.PrivateData.PSData
$tags = @('PSModule', 'PSIncludes_Cmdlet') + $manifest.CmdletsToExport.ForEach({ "PSCmdlet_$_", "PSCommand_$_" }) + $facts.Tags
$nuspec = [xml] @'
<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">
  <metadata><requireLicenseAcceptance>false</requireLicenseAcceptance></metadata>
</package>
'@
$data = [ordered] @{
    id           = $name
    version      = $manifest.ModuleVersion
    authors      = $manifest.Author
    owners       = $manifest.CompanyName
    licenseUrl   = $facts.LicenseUri
    projectUrl   = $facts.ProjectUri
    iconUrl      = $facts.IconUri
    description  = $manifest.Description
    releaseNotes = $notes
    copyright    = $manifest.Copyright
    tags         = $tags -join ' '
}
foreach ($key in $data.Keys) {
    $node = $nuspec.package['metadata'].AppendChild($nuspec.CreateElement($key, $nuspec.package.NamespaceURI))
    $node.InnerText = $data[$key]
}

$files = $nuspec.package.AppendChild($nuspec.CreateElement('files', $nuspec.package.NamespaceURI))
$node = $files.AppendChild($nuspec.CreateElement('file', $nuspec.package.NamespaceURI))
$node.SetAttribute('src', "$name/**")
$node.SetAttribute('target', '')
$nuspecFile = Join-Path $Destination "$name.nuspec"
$nuspec.Save($nuspecFile)

dotnet pack (Join-Path $root src $name) --configuration Release --no-build --nologo --verbosity quiet --output $Destination `
    "-p:NuspecFile=$nuspecFile" "-p:NuspecBasePath=$Destination" "-p:DeterministicTimestamp=$(Get-CommitTime)"
if ($LASTEXITCODE -ne 0) {
    throw "dotnet pack failed with exit code $LASTEXITCODE."
}

Remove-Item $nuspecFile
Write-Host "The package is $(Join-Path $Destination "$name.$($manifest.ModuleVersion).nupkg"), and its files are in $folder"
