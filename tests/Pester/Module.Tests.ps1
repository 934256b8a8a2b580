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

    # The workflow runs this on the oldest engine and runtime too. Compiling a method resolves every type and member that it uses, as
    # running it would. Generic methods are compiled only for their arguments, so other tests must run them.
    It 'uses nothing that this engine and its runtime do not have' {
        $run = Invoke-Pwsh @"
            Import-Module '$moduleFolder'
            `$flags = [Reflection.BindingFlags] 'Public, NonPublic, Static, Instance, DeclaredOnly'
            `$types = (Get-ChildItem '$moduleFolder' -Filter *.dll).ForEach{ [Reflection.Assembly]::LoadFrom(`$_.FullName).GetTypes() }
            `$methods = `$types.Where{ -not `$_.ContainsGenericParameters }.ForEach{ `$_.GetMethods(`$flags); `$_.GetConstructors(`$flags) }
            `$compiled = `$methods.Where{ -not `$_.ContainsGenericParameters -and `$_.GetMethodBody() }.ForEach{
                try { [Runtime.CompilerServices.RuntimeHelpers]::PrepareMethod(`$_.MethodHandle); 'compiled' }
                catch { "`$(`$_.Exception.InnerException.Message)" }
            }
            `$compiled | Group-Object -NoElement | ForEach-Object { "`$(`$_.Count) `$(`$_.Name)" }
"@
        $run.Code | Should -Be 0
        $run.Lines | Should -HaveCount 1
        $run.Lines | Should -Match '^\d{4,} compiled$'
    }
}
