BeforeDiscovery {
    $exports = (Import-PowerShellDataFile "$PSScriptRoot/../../Chuizi.Video.psd1").CmdletsToExport
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
}

Describe 'The module' {
    It 'has a manifest without a fault' {
        $manifest = Test-ModuleManifest "$moduleFolder/Chuizi.Video.psd1" -WarningVariable warnings -WarningAction SilentlyContinue
        $manifest.Name | Should -Be 'Chuizi.Video'
        $warnings | Should -BeNullOrEmpty
    }

    It 'is laid out from the manifest of this clone' {
        Get-Content "$moduleFolder/Chuizi.Video.psd1" -Raw | Should -Be (Get-Content "$root/Chuizi.Video.psd1" -Raw)
    }

    It 'exports what the manifest lists, and nothing else' {
        $listed = (Import-PowerShellDataFile "$moduleFolder/Chuizi.Video.psd1").CmdletsToExport | Sort-Object
        (Get-Command -Module Chuizi.Video).Name | Sort-Object | Should -Be $listed
        (Get-Module Chuizi.Video).ExportedVariables.Count | Should -Be 0
        (Get-Module Chuizi.Video).ExportedAliases.Count | Should -Be 0
    }

    It 'lists every cmdlet that the assembly has' {
        $types = (Get-Command New-ChuiziVideo).ImplementingType.Assembly.GetExportedTypes()
        $names = foreach ($type in $types) {
            foreach ($attribute in $type.GetCustomAttributes([Management.Automation.CmdletAttribute], $false)) {
                "$($attribute.VerbName)-$($attribute.NounName)"
            }
        }
        $names | Sort-Object | Should -Be ((Get-Module Chuizi.Video).ExportedCmdlets.Keys | Sort-Object)
    }

    It 'is imported without a warning about its verbs, and without the sandbox' {
        $run = Invoke-Pwsh "Import-Module '$moduleFolder'; [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match '^Chuizi'"
        $run.Lines | Should -Contain 'Chuizi.Video'
        $run.Lines | Should -Not -Contain 'Chuizi.Video.Sandbox'
        $run.Lines -match 'WARNING' | Should -BeNullOrEmpty
    }

    It 'brings no assembly along that is not its own' {
        (Get-ChildItem $moduleFolder -Filter *.dll).BaseName | Sort-Object | Should -Be 'Chuizi.Video', 'Chuizi.Video.Client', 'Chuizi.Video.Sandbox'
    }
}

Describe '<_>' -ForEach $exports {
    It 'has help that shows its syntax' {
        $help = Get-Help $_ | Out-String
        $help | Should -Match "(?m)^\s*$_ .*\[<CommonParameters>\]"
    }

    It 'has an output type or gives nothing' {
        $command = Get-Command $_
        if ($command.Verb -notin 'Stop', 'Disconnect') {
            $command.OutputType.Name | Should -Not -BeNullOrEmpty
        }
        else {
            $command.OutputType.Name | Should -BeNullOrEmpty
        }
    }
}
