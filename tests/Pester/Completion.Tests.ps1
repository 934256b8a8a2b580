BeforeAll {
    . "$PSScriptRoot/Support.ps1"
}

Describe 'Tab in a fresh session' {
    It 'needs neither a key nor a connection' {
        $run = Invoke-Pwsh "Import-Module '$moduleFolder'; `$line = 'Get-ChuiziVideoModel -Online -Name '; (TabExpansion2 `$line `$line.Length).CompletionMatches.Count"
        $run.Lines | Should -Be '12'
    }
}
