BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    $version = (Import-PowerShellDataFile "$root/Chuizi.Video.psd1").ModuleVersion
    $made = Invoke-Pwsh "& '$root/tools/New-Package.ps1' -Module '$moduleFolder' -Destination '$TestDrive/made'"

    # Generates and saves a video with the module that Import-Module finds, and returns the folder of the module.
    $work = @'
        $null = Start-ChuiziVideoSandbox -GenerationTime 0
        $video = New-ChuiziVideo 'A red kite' | Wait-ChuiziVideo -PollInterval 0.05 | Save-ChuiziVideo -Destination . -FileName kite
        Stop-ChuiziVideoSandbox
        "$($video.Status) $((Get-Item $video.Path).Name)"
        (Get-Module Chuizi.Video).ModuleBase
'@

    # Runs a command in a new process with a separate home folder and only the environment variables that Windows and .NET need.
    function Invoke-Bare([string] $Command, [string] $HomeFolder) {
        $null = New-Item $HomeFolder -ItemType Directory -Force
        $start = New-PwshStart '-Command', "`$PSStyle.OutputRendering = 'PlainText'; `$ErrorActionPreference = 'Stop'; $Command" $HomeFolder
        foreach ($name in @($start.Environment.Keys) -notmatch '^(SystemRoot|windir|TEMP|TMP|DOTNET_ROOT)$') {
            $null = $start.Environment.Remove($name)
        }
        foreach ($name in 'HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA') {
            $start.Environment[$name] = $HomeFolder
        }
        $start.Environment['POWERSHELL_TELEMETRY_OPTOUT'] = '1'
        $start.Environment['POWERSHELL_UPDATECHECK'] = 'Off'
        Invoke-Start $start @{}
    }
}

Describe 'A folder of packages that is registered as a repository' {
    BeforeAll {
        $made.Code | Should -Be 0 -Because "$($made.Lines)"
        $isThere = [bool] (Get-Module Microsoft.PowerShell.PSResourceGet -ListAvailable)
        # Registering in a separate home folder leaves the user's repositories unchanged.
        $register = "Register-PSResourceRepository -Name Folder -Uri '$TestDrive/made' -Trusted"
    }

    It 'finds the module by name and by tag' {
        if (-not $isThere) {
            Set-ItResult -Skipped -Because 'the module Microsoft.PowerShell.PSResourceGet is not installed'
        }
        $run = Invoke-Bare "$register; (Find-PSResource Chuizi.Video -Repository Folder | Select-Object Name, Version, Author, ProjectUri | ConvertTo-Json -Compress); (Find-PSResource -Tag TextToVideo -Repository Folder).Name" "$TestDrive/home-find"
        $run.Lines | Should -HaveCount 2 -Because $run.Text
        $found = $run.Lines[0] | ConvertFrom-Json
        $found.Name, $found.Author, $found.ProjectUri | Should -Be 'Chuizi.Video', 'The Chuizi.Video authors', (Import-PowerShellDataFile "$root/Chuizi.Video.psd1").PrivateData.PSData.ProjectUri
        $run.Lines[1] | Should -Be 'Chuizi.Video'
    }

    It 'installs the module, and its commands are found' {
        if (-not $isThere) {
            Set-ItResult -Skipped -Because 'the module Microsoft.PowerShell.PSResourceGet is not installed'
        }
        $run = Invoke-Bare "$register; Install-PSResource Chuizi.Video -Repository Folder; $work; (Get-InstalledPSResource Chuizi.Video).Version.ToString()" "$TestDrive/home-install"
        $run.Lines | Should -HaveCount 3 -Because $run.Text
        $run.Lines[0] | Should -Be 'succeeded kite.mp4'
        $run.Lines[1] | Should -BeLike "*home-install*$version"
        $run.Lines[2] | Should -Be $version
    }

    It 'saves the module to a folder' {
        if (-not $isThere) {
            Set-ItResult -Skipped -Because 'the module Microsoft.PowerShell.PSResourceGet is not installed'
        }
        $null = New-Item $TestDrive/saved -ItemType Directory
        $run = Invoke-Bare "$register; Save-PSResource Chuizi.Video -Repository Folder -Path '$TestDrive/saved'; Import-Module '$TestDrive/saved/Chuizi.Video'; $work" "$TestDrive/home-save"
        $run.Lines | Should -Be 'succeeded kite.mp4', (Get-Item "$TestDrive/saved/Chuizi.Video/$version").FullName -Because $run.Text
    }
}
