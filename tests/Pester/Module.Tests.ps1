BeforeAll {
    . "$PSScriptRoot/Support.ps1"
}

Describe 'The module in a fresh session' {
    It 'is imported without warnings about verbs, and does not load the sandbox' {
        $run = Invoke-Pwsh "Import-Module '$moduleFolder'; [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match '^Chuizi'"
        $run.Lines | Should -Contain 'Chuizi.Video'
        $run.Lines | Should -Not -Contain 'Chuizi.Video.Sandbox'
        $run.Lines -match 'WARNING' | Should -BeNullOrEmpty
    }
}
