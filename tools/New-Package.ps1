<#
.SYNOPSIS
Creates the package of the built module: its folder, and a .nupkg file for the PowerShell Gallery. Called by build.ps1.

.DESCRIPTION
The script packs the existing build and does not build again. The manifest gets the release notes for its version from CHANGELOG.md, or the
unreleased ones. The same module at the same commit results in the same package, byte for byte.
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

# The changelog section of the version, or the Unreleased section.
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

# The Unix time of the commit, for all entries of the package. Empty outside a clone.
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
# Debug symbols are not part of the package.
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

# The PowerShell Gallery finds modules and their commands by these tags.
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
